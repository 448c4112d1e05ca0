/**
 * A single voxel's change is mostly noise. As in the report it is shown averaged over 8 mm, within tissue and within ventricles: else
 * the two would cancel where they meet. Pure.
 */
import type { Volume } from "./volume";

/** Millimetres, full width at half maximum of a Gaussian; the report's. */
const WIDTH = 8;
/** Three boxes make a Gaussian to within a few per cent. */
const PASSES = 3;
/** FreeSurfer's. */
const VENTRICLES = new Set([4, 5, 14, 15, 43, 44]);
const FLUID = 24;

/** The mean over 2 r + 1 voxels along lines that lie `stride` apart, zero beyond the ends; in place. */
function box(values: Float32Array, starts: Iterable<number>, count: number, stride: number, r: number, line: Float32Array) {
  for (const start of starts) {
    for (let n = 0; n < count; n += 1) line[n] = values[start + n * stride]!;
    let sum = 0;
    for (let n = 0; n < Math.min(r, count); n += 1) sum += line[n]!;
    for (let n = 0; n < count; n += 1) {
      if (n + r < count) sum += line[n + r]!;
      if (n - r - 1 >= 0) sum -= line[n - r - 1]!;
      values[start + n * stride] = sum / (2 * r + 1);
    }
  }
}

function* startsOf([nx, ny, nz]: readonly [number, number, number], axis: number): Generator<number> {
  const [a, b, strideA, strideB] = axis === 0 ? [ny, nz, nx, nx * ny] : axis === 1 ? [nx, nz, 1, nx * ny] : [nx, ny, 1, nx];
  for (let j = 0; j < b; j += 1) for (let i = 0; i < a; i += 1) yield i * strideA + j * strideB;
}

function blur(values: Float32Array, { shape, spacing }: Volume) {
  const line = new Float32Array(Math.max(...shape));
  const strides = [1, shape[0], shape[0] * shape[1]];
  for (const axis of [0, 1, 2] as const) {
    // A box of w voxels has a variance of (w^2 - 1) / 12, and variances add.
    const sigma = WIDTH / 2.3548 / spacing[axis];
    const r = Math.round((Math.sqrt((12 * sigma * sigma) / PASSES + 1) - 1) / 2);
    if (r > 0) for (let pass = 0; pass < PASSES; pass += 1) box(values, startsOf(shape, axis), shape[axis], strides[axis]!, r, line);
  }
}

/** `change` and `labels` have one grid; 0 where nothing is labelled. */
export function averaged(change: Volume, labels: Volume): Volume<Float32Array<ArrayBuffer>> {
  const out = new Float32Array(change.voxels.length);
  for (const kind of [(label: number) => VENTRICLES.has(label), (label: number) => label !== 0 && label !== FLUID && !VENTRICLES.has(label)]) {
    const share = new Float32Array(out.length);
    const sum = new Float32Array(out.length);
    for (let at = 0; at < out.length; at += 1) {
      if (!kind(labels.voxels[at]!)) continue;
      share[at] = 1;
      sum[at] = change.voxels[at]!;
    }
    blur(share, change);
    blur(sum, change);
    for (let at = 0; at < out.length; at += 1) if (kind(labels.voxels[at]!)) out[at] = sum[at]! / Math.max(share[at]!, 1e-6);
  }
  return { ...change, voxels: out };
}
