/** The three planes of a volume. Pure. */
import type { Index, Volume } from "./volume";

export type Plane = "axial" | "coronal" | "sagittal";

/** Which of the volume's axes runs to the right of the picture, which one down, and which one through it. */
export const PLANES: Record<Plane, { across: 0 | 1; down: 1 | 2; through: 0 | 1 | 2 }> = {
  axial: { across: 0, down: 1, through: 2 },
  coronal: { across: 0, down: 2, through: 1 },
  sagittal: { across: 1, down: 2, through: 0 },
};

/** A part of a volume: from `low` to `high`, the last one included. */
export interface Box {
  low: Index;
  high: Index;
}

export interface Slice {
  values: Uint8Array | Float32Array;
  width: number;
  height: number;
}

/** The plane through index `n`, as far as it lies in the box. */
export function cut({ voxels, shape }: Volume, plane: Plane, n: number, { low, high }: Box): Slice {
  const { across, down, through } = PLANES[plane];
  const strides = [1, shape[0], shape[0] * shape[1]];
  const width = high[across] - low[across] + 1;
  const height = high[down] - low[down] + 1;
  const values = voxels instanceof Float32Array ? new Float32Array(width * height) : new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    let from = n * strides[through]! + (low[down] + y) * strides[down]! + low[across] * strides[across]!;
    for (let x = 0; x < width; x += 1, from += strides[across]!) values[y * width + x] = voxels[from]!;
  }
  return { values, width, height };
}

/** Where anything is labelled, and `room` mm around it; the whole volume where nothing is. */
export function frame({ voxels, shape, spacing }: Volume, room: number): Box {
  const low: number[] = [...shape];
  const high = [-1, -1, -1];
  const take = (axis: number, n: number) => {
    if (n < low[axis]!) low[axis] = n;
    if (n > high[axis]!) high[axis] = n;
  };
  for (let at = 0, k = 0; k < shape[2]; k += 1)
    for (let j = 0; j < shape[1]; j += 1)
      for (let i = 0; i < shape[0]; i += 1, at += 1) {
        if (!voxels[at]) continue;
        take(0, i);
        take(1, j);
        take(2, k);
      }
  if (high[0]! < 0) return { low: [0, 0, 0], high: [shape[0] - 1, shape[1] - 1, shape[2] - 1] };
  return {
    low: low.map((n, axis) => Math.max(0, Math.floor(n - room / spacing[axis]!))) as unknown as Index,
    high: high.map((n, axis) => Math.min(shape[axis]! - 1, Math.ceil(n + room / spacing[axis]!))) as unknown as Index,
  };
}
