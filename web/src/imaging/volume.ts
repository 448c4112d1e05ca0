/**
 * A volume as the pages draw it: its axes lie along the patient's, so that every plane is cut without turning it. Index 0 counts
 * towards the patient's left, 1 towards the back, 2 towards the feet: read like a page, each plane is in radiological convention.
 */
export type Voxels = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
export type Index = readonly [number, number, number];

export interface Volume<Values extends Voxels = Voxels> {
  /** Index 0 is the fastest. */
  voxels: Values;
  shape: Index;
  /** Millimetres from one voxel to the next along each axis. */
  spacing: Index;
  /** Rows of the matrix from voxel to millimetres towards right, front and top (NIfTI's): 3 x 4. */
  toWorld: number[][];
}

/** Towards left, back and feet, in NIfTI's directions. */
const WANTED = -1;
const AXES = [0, 1, 2] as const;

/** Which stored axis runs along each of the patient's, each taken once, the most obvious first. */
function axesOf(toWorld: number[][]): number[] {
  const pairs = AXES.flatMap((patient) => AXES.map((stored) => ({ patient, stored, along: Math.abs(toWorld[patient]![stored]!) })));
  pairs.sort((a, b) => b.along - a.along);
  const out: number[] = [-1, -1, -1];
  for (const { patient, stored } of pairs) if (out[patient] === -1 && !out.includes(stored)) out[patient] = stored;
  return out;
}

/** The same voxels with their axes in the order and direction of `Volume`; an oblique scan keeps its own slant. */
export function upright<Values extends Voxels>(voxels: Values, shape: Index, toWorld: number[][]): Volume<Values> {
  const axes = axesOf(toWorld);
  const strides = [1, shape[0], shape[0] * shape[1]];
  const sizes = axes.map((axis) => shape[axis]!) as unknown as Index;
  const flipped = axes.map((axis, patient) => Math.sign(toWorld[patient]![axis]!) !== WANTED);
  const steps = axes.map((axis, patient) => (flipped[patient] ? -1 : 1) * strides[axis]!) as unknown as Index;
  const start = axes.reduce((sum, axis, patient) => sum + (flipped[patient] ? (shape[axis]! - 1) * strides[axis]! : 0), 0);
  const out = new (voxels.constructor as new (length: number) => Values)(voxels.length);
  let at = 0;
  for (let k = 0; k < sizes[2]; k += 1)
    for (let j = 0; j < sizes[1]; j += 1) {
      let from = start + k * steps[2] + j * steps[1];
      for (let i = 0; i < sizes[0]; i += 1, at += 1, from += steps[0]) out[at] = voxels[from]!;
    }
  const turned = toWorld.map((row) => {
    const columns = axes.map((axis, patient) => (flipped[patient] ? -1 : 1) * row[axis]!);
    return [...columns, axes.reduce((sum, axis, patient) => sum + (flipped[patient] ? (shape[axis]! - 1) * row[axis]! : 0), row[3]!)];
  });
  const spacing = AXES.map((axis) => Math.hypot(...turned.map((row) => row[axis]!))) as unknown as Index;
  return { voxels: out, shape: sizes, spacing, toWorld: turned };
}

export const offset = ({ shape }: Volume, [i, j, k]: Index): number => i + shape[0] * (j + shape[1] * k);

export const within = ({ shape }: Volume, at: Index): Index => at.map((n, axis) => Math.max(0, Math.min(shape[axis]! - 1, Math.round(n)))) as unknown as Index;

/** Millimetres towards right, front and top. */
export const place = ({ toWorld }: Volume, at: Index): Index =>
  toWorld.map((row) => row[0]! * at[0] + row[1]! * at[1] + row[2]! * at[2] + row[3]!) as unknown as Index;

export const sameGrid = (a: Volume, b: Volume): boolean => AXES.every((axis) => a.shape[axis] === b.shape[axis]);

/** The voxel at a place in millimetres, not rounded and perhaps outside: the matrix's columns are at right angles. */
export function voxelOf({ toWorld, spacing }: Volume, mm: Index): Index {
  const from = mm.map((value, row) => value - toWorld[row]![3]!);
  return AXES.map((axis) => from.reduce((sum, value, row) => sum + value * toWorld[row]![axis]!, 0) / spacing[axis] ** 2) as unknown as Index;
}
