import { describe, expect, it } from "vitest";

import { averaged } from "./average";
import { middles } from "./middles";
import { readNifti } from "./nifti";
import { outlines } from "./outline";
import { draw, solidOf } from "./solid";
import { cut, frame } from "./slice";
import { offset, place, upright, voxelOf, within, type Index } from "./volume";

const SHAPE: Index = [3, 4, 5];
/** Voxel values that say where they lie: a hundred for each mm to the right, ten to the front, one to the top. */
const told = ([x, y, z]: Index) => 100 * x + 10 * y + z;
const at = (toWorld: number[][], index: Index) => toWorld.map(([a, b, c, d]) => a! * index[0] + b! * index[1] + c! * index[2] + d!) as unknown as Index;

function stored(toWorld: number[][], shape: Index) {
  const voxels = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let k = 0, n = 0; k < shape[2]; k += 1)
    for (let j = 0; j < shape[1]; j += 1) for (let i = 0; i < shape[0]; i += 1, n += 1) voxels[n] = told(at(toWorld, [i, j, k]));
  return upright(voxels, shape, toWorld);
}

/** Axial from right to left, sagittal from head to foot, coronal and slightly oblique. */
const GRIDS: [string, number[][]][] = [
  ["axial", [[1, 0, 0, -7], [0, 1, 0, 5], [0, 0, 1, 3]]],
  ["sagittal", [[0, 0, -1.5, 4], [-1, 0, 0, 9], [0, -1, 0, 2]]],
  ["oblique coronal", [[-0.9, 0.1, 0.05, 1], [0.1, 0.1, 1.2, 2], [0.05, -0.9, 0.1, 3]]],
];

describe("a volume", () => {
  it.each(GRIDS)("stored %s runs to the patient's left, back and feet, and every voxel keeps its place", (_, toWorld) => {
    const volume = stored(toWorld, SHAPE);
    for (const axis of [0, 1, 2]) expect(volume.toWorld[axis]![axis]).toBeLessThan(0);
    for (const index of [[0, 0, 0], [1, 2, 1], [volume.shape[0] - 1, volume.shape[1] - 1, volume.shape[2] - 1]] as unknown as Index[])
      expect(volume.voxels[offset(volume, index)]).toBeCloseTo(told(place(volume, index)), 3);
  });

  it("is found again by its place", () => {
    const turned = stored([[0, 0, -1.5, 4], [-0.8, 0.6, 0, 9], [-0.6, -0.8, 0, 2]], SHAPE);
    voxelOf(turned, place(turned, [2, 1, 1])).forEach((n, axis) => expect(n).toBeCloseTo([2, 1, 1][axis]!, 5));
  });

  it("holds the crosshair within", () => expect(within(stored(GRIDS[0]![1], SHAPE), [-3, 1.4, 99])).toEqual([0, 1, 4]));
});

describe("NIfTI", () => {
  const file = ({ kind = 2, placed = 1, count = 8 } = {}) => {
    const view = new DataView(new ArrayBuffer(352 + count));
    view.setInt32(0, 348, true);
    for (const where of [42, 44, 46]) view.setInt16(where, 2, true);
    view.setInt16(70, kind, true);
    view.setFloat32(108, 352, true);
    view.setInt16(254, placed, true);
    for (const row of [0, 1, 2]) view.setFloat32(280 + 20 * row, -1, true);
    for (let n = 0; n < count; n += 1) view.setUint8(352 + n, n);
    return view.buffer;
  };

  it("is read byte for byte", () => expect([...readNifti(file()).voxels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]));

  it("is refused in words where it is another file, cut off, or without a place", () => {
    expect(() => readNifti(new ArrayBuffer(4))).toThrow("no NIfTI-1");
    expect(() => readNifti(file({ count: 7 }))).toThrow("2 x 2 x 2 voxels is cut off");
    expect(() => readNifti(file({ kind: 64 }))).toThrow("type 64");
    expect(() => readNifti(file({ placed: 0 }))).toThrow("where it lies");
  });
});

describe("a plane", () => {
  const volume = upright(Uint8Array.from({ length: 60 }, (_, n) => n), SHAPE, [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0]]);
  const whole = { low: [0, 0, 0], high: [2, 3, 4] } as const;

  it("shows the patient's right on the left, the front or the head on top", () => {
    expect([...cut(volume, "axial", 1, whole).values].slice(0, 4)).toEqual([12, 13, 14, 15]);
    expect([...cut(volume, "coronal", 2, whole).values].slice(0, 4)).toEqual([6, 7, 8, 18]);
    expect([...cut(volume, "sagittal", 2, whole).values].slice(0, 5)).toEqual([2, 5, 8, 11, 14]);
  });

  it("is cut to what is asked for", () => {
    const part = cut(volume, "axial", 0, { low: [1, 1, 0], high: [2, 2, 4] });
    expect([part.width, part.height, ...part.values]).toEqual([2, 2, 4, 5, 7, 8]);
  });
});

describe("labels", () => {
  /** A block of 3 voxels a side within 7, of voxels of 2 mm. */
  const block = upright(Uint8Array.from({ length: 343 }, (_, n) => ([n % 7, Math.floor(n / 7) % 7, Math.floor(n / 49)].every((i) => i >= 2 && i <= 4) ? 17 : 0)),
    [7, 7, 7], [[-2, 0, 0, 0], [0, -2, 0, 0], [0, 0, -2, 0]]);

  it("have a middle that lies within them", () => {
    expect([...middles(block)]).toEqual([[17, [3, 3, 3]]]);
    const ends = upright(Uint8Array.from([7, 7, 0, 0, 0, 7]), [6, 1, 1], block.toWorld);
    expect(ends.voxels[middles(ends).get(7)![0]]).toBe(7);
  });

  it("are framed with some room, and never beyond the volume", () => {
    expect(frame(block, 3)).toEqual({ low: [0, 0, 0], high: [6, 6, 6] });
    expect(frame(block, 1.9)).toEqual({ low: [1, 1, 1], high: [5, 5, 5] });
    expect(frame({ ...block, voxels: new Uint8Array(343) }, 2)).toEqual({ low: [0, 0, 0], high: [6, 6, 6] });
  });
});

describe("an outline", () => {
  const slice = (rows: string[]) => ({ values: Uint8Array.from(rows.join(""), Number), width: rows[0]!.length, height: rows.length });

  it("goes once around each piece, and around its hole", () => {
    const ring = outlines(slice(["00000", "01110", "01010", "01110", "00000", "00100"])).get(1)!;
    expect(ring.map((loop) => loop.length).sort((a, b) => a - b)).toEqual([4, 4, 12]);
    expect(ring.flat().every(([x, y]) => x >= 1 && x <= 4 && y >= 1 && y <= 6)).toBe(true);
  });

  it("keeps pieces apart that touch at a corner", () => expect(outlines(slice(["10", "01"])).get(1)).toHaveLength(2));

  it("is drawn for each label", () => expect([...outlines(slice(["12", "02"])).keys()].sort()).toEqual([1, 2]));
});

describe("the change for the eye", () => {
  const size = 24;
  const grid = [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0]];
  const fill = (valueAt: (i: number) => number) => Array.from({ length: size ** 3 }, (_, n) => valueAt(n % size));
  const change = (valueAt: (i: number) => number) => upright(Float32Array.from(fill(valueAt)), [size, size, size], grid);
  const labels = (valueAt: (i: number) => number) => upright(Uint8Array.from(fill(valueAt)), [size, size, size], grid);

  it("keeps what is even, and evens out what is noise", () => {
    const even = averaged(change(() => -2), labels(() => 2));
    expect(Math.min(...even.voxels)).toBeCloseTo(-2, 4);
    expect(Math.max(...even.voxels)).toBeCloseTo(-2, 4);
    const noise = averaged(change((i) => (i % 2 ? 9 : -9)), labels(() => 2));
    expect(Math.abs(noise.voxels[size ** 3 / 2 + size * 12 + 12]!)).toBeLessThan(0.5);
  });

  it("does not mix ventricles with the tissue around them, and leaves out what is neither", () => {
    const map = averaged(change((i) => (i < 12 ? 5 : -1)), labels((i) => (i < 4 ? 24 : i < 12 ? 4 : 2)));
    const at = (i: number) => map.voxels[i + size * (12 + size * 12)]!;
    expect([at(2), at(11), at(12)].map((value) => Math.round(value * 1000) / 1000)).toEqual([0, 5, -1]);
  });
});

describe("a solid", () => {
  /** Two balls of 12 mm across: label 1 on the patient's left, label 2 on the right. */
  const n = 40;
  const balls = upright(Uint8Array.from({ length: n ** 3 }, (_, at) => {
    const [i, j, k] = [at % n, Math.floor(at / n) % n, Math.floor(at / (n * n))];
    return Math.hypot(i - 28, j - 20, k - 20) < 6 ? 1 : Math.hypot(i - 12, j - 20, k - 20) < 6 ? 2 : 0;
  }), [n, n, n], [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0]]);
  const whole = { low: [0, 0, 0], high: [n - 1, n - 1, n - 1] } as const;
  const colours = new Map([[1, [255, 0, 0]], [2, [0, 255, 0]]] as const);
  const seen = (shown: number[], yaw: number) => {
    const size = 60;
    const pixels = draw(solidOf(balls, new Set(shown), whole), size, yaw, 0, colours);
    const columns = { red: [] as number[], green: [] as number[] };
    for (let at = 0; at < size * size; at += 1) if (pixels[4 * at + 3]) columns[pixels[4 * at]! > 0 ? "red" : "green"].push(at % size);
    return columns;
  };
  const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;

  it("is seen from the front with the patient's left on the right, and the other way round from behind", () => {
    const front = seen([1, 2], 0);
    expect(mean(front.red)).toBeGreaterThan(30);
    expect(mean(front.green)).toBeLessThan(30);
    expect(mean(seen([1, 2], Math.PI).red)).toBeLessThan(30);
  });

  it("hides what lies behind, and what is not shown", () => {
    expect(seen([1, 2], Math.PI / 2).green.length === 0 || seen([1, 2], Math.PI / 2).red.length === 0).toBe(true);
    expect(seen([2], 0).red).toEqual([]);
    expect(seen([], 0)).toEqual({ red: [], green: [] });
  });
});
