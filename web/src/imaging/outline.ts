/** The outlines of labels in a slice as smooth closed curves, as the report draws them. Pure; whole numbers are pixel corners. */
import type { Slice } from "./slice";

export type Spot = [number, number];

/** Steps along pixel edges of one label, its inside on the left hand: from each corner to the next ones. */
type Edges = Map<number, number[]>;

function edgesOf({ values, width, height }: Slice): Map<number, Edges> {
  const wide = width + 1;
  const all = new Map<number, Edges>();
  const is = (x: number, y: number, label: number) => x >= 0 && y >= 0 && x < width && y < height && values[y * width + x] === label;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const label = values[y * width + x]!;
      if (!label) continue;
      const corner = y * wide + x;
      const step = (from: number, to: number) => {
        const edges = all.get(label) ?? all.set(label, new Map()).get(label)!;
        const known = edges.get(from);
        if (known) known.push(to);
        else edges.set(from, [to]);
      };
      if (!is(x, y - 1, label)) step(corner + 1, corner);
      if (!is(x - 1, y, label)) step(corner, corner + wide);
      if (!is(x, y + 1, label)) step(corner + wide, corner + wide + 1);
      if (!is(x + 1, y, label)) step(corner + wide + 1, corner + 1);
    }
  return all;
}

/** Where two edges leave a corner, a left turn keeps pixels that touch only there in loops of their own. */
function leave(edges: Edges, came: number, here: number, wide: number): number {
  const ways = edges.get(here)!;
  const turn = (to: number) => {
    const [ax, ay] = [(here % wide) - (came % wide), Math.floor(here / wide) - Math.floor(came / wide)];
    const [bx, by] = [(to % wide) - (here % wide), Math.floor(to / wide) - Math.floor(here / wide)];
    return ax * by - ay * bx;
  };
  const at = ways.length > 1 && came >= 0 ? ways.findIndex((to) => turn(to) < 0) : 0;
  const [to] = ways.splice(Math.max(0, at), 1);
  if (ways.length === 0) edges.delete(here);
  return to!;
}

/** Middles of the edges turn stairs into straight lines; two passes of (1 2 1)/4 take off what is left of the pixels. */
function smooth(corners: number[], wide: number): Spot[] {
  const n = corners.length;
  let loop = corners.map((a, at): Spot => {
    const b = corners[(at + 1) % n]!;
    return [((a % wide) + (b % wide)) / 2, (Math.floor(a / wide) + Math.floor(b / wide)) / 2];
  });
  if (n < 8) return loop;
  for (let pass = 0; pass < 2; pass += 1)
    loop = loop.map(([x, y], at): Spot => {
      const a = loop[(at + n - 1) % n]!;
      const c = loop[(at + 1) % n]!;
      return [(a[0] + 2 * x + c[0]) / 4, (a[1] + 2 * y + c[1]) / 4];
    });
  return loop;
}

/** Of each label but 0, every boundary, holes included. */
export function outlines(slice: Slice): Map<number, Spot[][]> {
  const wide = slice.width + 1;
  const out = new Map<number, Spot[][]>();
  for (const [label, edges] of edgesOf(slice)) {
    const loops: Spot[][] = [];
    while (edges.size > 0) {
      const [start] = edges.keys();
      const corners: number[] = [];
      let [came, here] = [-1, start!];
      do {
        corners.push(here);
        [came, here] = [here, leave(edges, came, here, wide)];
      } while (here !== start);
      loops.push(smooth(corners, wide));
    }
    out.set(label, loops);
  }
  return out;
}
