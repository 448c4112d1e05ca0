/** The surface of labels as a solid, by rays through a smoothed mask. Pure; no graphics card. */
import type { Box } from "./slice";
import type { Volume } from "./volume";

/** Millimetres a voxel of the mask: finer than what a screen of this size shows. */
const STEP = 1.6;
const AMBIENT = 0.28;

/** Shown labels and how full of them each place is, on a grid of STEP with an empty border of one voxel. */
export interface Solid {
  labels: Uint8Array;
  /** 0 to 1; the surface lies at a half. */
  full: Float32Array;
  shape: readonly [number, number, number];
}

/** Means of three along each axis, which takes the voxels' stairs off. */
function soften(full: Float32Array, [nx, ny, nz]: Solid["shape"]) {
  for (const [stride, n] of [[1, nx], [nx, ny], [nx * ny, nz]] as const) {
    const before = full.slice();
    for (let at = stride; at < full.length - stride; at += 1) {
      const along = Math.floor(at / stride) % n;
      if (along > 0 && along < n - 1) full[at] = (before[at - stride]! + before[at]! + before[at + stride]!) / 3;
    }
  }
}

export function solidOf({ voxels, shape, spacing }: Volume, shown: ReadonlySet<number>, { low, high }: Box): Solid {
  const sizes = [0, 1, 2].map((axis) => Math.ceil(((high[axis]! - low[axis]! + 1) * spacing[axis]!) / STEP) + 2) as unknown as Solid["shape"];
  const labels = new Uint8Array(sizes[0] * sizes[1] * sizes[2]);
  const full = new Float32Array(labels.length);
  const index = (n: number, axis: 0 | 1 | 2) => Math.min(high[axis], low[axis] + Math.floor(((n - 0.5) * STEP) / spacing[axis]));
  for (let k = 1; k < sizes[2] - 1; k += 1)
    for (let j = 1; j < sizes[1] - 1; j += 1)
      for (let i = 1; i < sizes[0] - 1; i += 1) {
        const label = voxels[index(i, 0) + shape[0] * (index(j, 1) + shape[1] * index(k, 2))]!;
        if (!shown.has(label)) continue;
        const at = i + sizes[0] * (j + sizes[1] * k);
        labels[at] = label;
        full[at] = 1;
      }
  soften(full, sizes);
  return { labels, full, shape: sizes };
}

export type Colours = ReadonlyMap<number, readonly [red: number, green: number, blue: number]>;

/** Square, of four bytes a pixel. Turned to the patient's left by `yaw` and seen from above by `pitch`, in radians; 0 is from the front. */
export function draw({ labels, full, shape }: Solid, size: number, yaw: number, pitch: number, colours: Colours): Uint8ClampedArray<ArrayBuffer> {
  const [nx, ny, nz] = shape;
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  // Right, down and forward of the picture along the axes left, back, feet.
  const right = [cy, sy, 0] as const;
  const forward = [-sy * cp, cy * cp, sp] as const;
  const down = [sy * sp, -cy * sp, cp] as const;
  const reach = Math.hypot(nx, ny, nz) / 2;
  const scale = (2 * reach * 0.82) / size;
  const out = new Uint8ClampedArray(4 * size * size);
  const at = (x: number, y: number, z: number) => (x < 1 || y < 1 || z < 1 || x >= nx - 1 || y >= ny - 1 || z >= nz - 1 ? -1 : (x | 0) + nx * ((y | 0) + ny * (z | 0)));
  const value = (x: number, y: number, z: number) => {
    const [fx, fy, fz] = [x - 0.5, y - 0.5, z - 0.5];
    const start = at(fx, fy, fz);
    if (start < 0) return 0;
    const [u, v, w] = [fx - (fx | 0), fy - (fy | 0), fz - (fz | 0)];
    const line = (from: number) => full[from]! * (1 - u) + full[from + 1]! * u;
    const plane = (from: number) => line(from) * (1 - v) + line(from + nx) * v;
    return plane(start) * (1 - w) + plane(start + nx * ny) * w;
  };
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      const [a, b] = [(column - size / 2) * scale, (row - size / 2) * scale];
      const origin = [0, 1, 2].map((axis) => shape[axis]! / 2 + a * right[axis]! + b * down[axis]!) as [number, number, number];
      const place = (t: number): [number, number, number] => [origin[0] + t * forward[0], origin[1] + t * forward[1], origin[2] + t * forward[2]];
      let t = -reach;
      for (; t < reach; t += 1) {
        const here = at(origin[0] + t * forward[0], origin[1] + t * forward[1], origin[2] + t * forward[2]);
        if (here >= 0 && full[here]! > 0.5) break;
      }
      if (t >= reach) continue;
      // The surface lies within the last step.
      let before = t - 1.5;
      for (let round = 0; round < 5; round += 1) {
        const middle = (before + t) / 2;
        if (value(...place(middle)) > 0.5) t = middle;
        else before = middle;
      }
      const [x, y, z] = place(t);
      const slope = [value(x + 1, y, z) - value(x - 1, y, z), value(x, y + 1, z) - value(x, y - 1, z), value(x, y, z + 1) - value(x, y, z - 1)];
      const steep = Math.hypot(...slope) || 1;
      const light = AMBIENT + (1 - AMBIENT) * Math.max(0, (slope[0]! * forward[0] + slope[1]! * forward[1] + slope[2]! * forward[2]) / steep);
      let label = 0;
      for (let deeper = 0; label === 0 && deeper < 4; deeper += 0.5) label = labels[Math.max(0, at(...place(t + deeper)))]!;
      const colour = colours.get(label) ?? [200, 200, 200];
      const pixel = 4 * (row * size + column);
      for (const part of [0, 1, 2] as const) out[pixel + part] = colour[part] * light;
      out[pixel + 3] = 255;
    }
  return out;
}
