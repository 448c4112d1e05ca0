/** Where each label is to be found: its voxel nearest to the middle of all of them. Pure. */
import type { Index, Volume } from "./volume";

/** Visits every labelled voxel, front to back. */
function each({ voxels, shape }: Volume, visit: (label: number, i: number, j: number, k: number) => void) {
  for (let at = 0, k = 0; k < shape[2]; k += 1)
    for (let j = 0; j < shape[1]; j += 1)
      for (let i = 0; i < shape[0]; i += 1, at += 1) if (voxels[at]) visit(voxels[at]!, i, j, k);
}

export function middles(labels: Volume<Uint8Array<ArrayBuffer>>): Map<number, Index> {
  const sums = new Float64Array(256 * 4);
  each(labels, (label, i, j, k) => {
    sums[4 * label]! += 1;
    sums[4 * label + 1]! += i;
    sums[4 * label + 2]! += j;
    sums[4 * label + 3]! += k;
  });
  const least = new Float64Array(256).fill(Infinity);
  const out = new Map<number, Index>();
  each(labels, (label, i, j, k) => {
    const n = sums[4 * label]!;
    const far = (i - sums[4 * label + 1]! / n) ** 2 + (j - sums[4 * label + 2]! / n) ** 2 + (k - sums[4 * label + 3]! / n) ** 2;
    if (far >= least[label]!) return;
    least[label] = far;
    out.set(label, [i, j, k]);
  });
  return out;
}
