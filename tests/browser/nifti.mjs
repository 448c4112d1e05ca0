// Heads and labels as NIfTI-1 files of one byte a voxel: cut, and where each label lies.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const STRIDE = 4;

export class Nifti {
  static read(file) { return Nifti.parse(readFileSync(file)); }

  static parse(packed) {
    const bytes = gunzipSync(packed);
    if (bytes.readInt16LE(70) !== 2) throw new Error("only voxels of one byte are read here");
    const image = new Nifti();
    image.bytes = bytes;
    image.shape = [42, 44, 46].map((at) => bytes.readInt16LE(at));
    image.voxels = bytes.subarray(bytes.readFloatLE(108));
    // NIfTI counts towards the right and the front, DICOM towards the left and the back.
    image.affine = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => (row < 2 ? -1 : 1) * bytes.readFloatLE(280 + 16 * row + 4 * column)));
    return image;
  }

  /** Of each axis `shape` voxels, from `from` on and `step` apart. */
  cut({ from, step, shape }) {
    const header = Buffer.from(this.bytes.subarray(0, this.bytes.length - this.voxels.length));
    for (let axis = 0; axis < 3; axis += 1) {
      header.writeInt16LE(shape[axis], 42 + 2 * axis);
      header.writeFloatLE(step[axis] * header.readFloatLE(80 + 4 * axis), 80 + 4 * axis);
    }
    for (const row of [280, 296, 312]) {
      const steps = [0, 4, 8].map((column) => header.readFloatLE(row + column));
      steps.forEach((mm, axis) => header.writeFloatLE(step[axis] * mm, row + 4 * axis));
      header.writeFloatLE(steps.reduce((sum, mm, axis) => sum + from[axis] * mm, header.readFloatLE(row + 12)), row + 12);
    }
    const voxels = Buffer.alloc(shape[0] * shape[1] * shape[2]);
    let at = 0;
    for (let k = 0; k < shape[2]; k += 1)
      for (let j = 0; j < shape[1]; j += 1)
        for (let i = 0; i < shape[0]; i += 1) {
          const [x, y, z] = [i, j, k].map((n, axis) => from[axis] + step[axis] * n);
          voxels[at++] = this.voxels[x + this.shape[0] * (y + this.shape[1] * z)];
        }
    return Buffer.concat([header, voxels]);
  }

  /** Millimetres in DICOM's directions. */
  place(i, j, k) { return this.affine.map(([a, b, c, d]) => a * i + b * j + c * k + d); }

  *labelled() {
    const [nx, ny] = this.shape;
    for (let at = 0; at < this.voxels.length; at += 1)
      if (this.voxels[at]) yield [this.voxels[at], at % nx, Math.floor(at / nx) % ny, Math.floor(at / nx / ny)];
  }

  /** Label -> how many voxels it has and where their centre is. */
  places() {
    const found = new Map();
    for (const [label, i, j, k] of this.labelled()) {
      const one = found.get(label) ?? found.set(label, { voxels: 0, centre: [0, 0, 0] }).get(label);
      one.voxels += 1;
      this.place(i, j, k).forEach((mm, axis) => { one.centre[axis] += mm; });
    }
    for (const one of found.values()) one.centre = one.centre.map((sum) => sum / one.voxels);
    return found;
  }

  /** Some places of the axial plane at that height, each well inside its label. */
  inside(mm) {
    const points = [];
    for (const [label, i, j, k] of this.labelled()) {
      if (i % STRIDE || j % STRIDE) continue;
      const at = this.place(i, j, k);
      if (Math.abs(at[2] - mm) > 0.01) continue;
      const around = [-2, -1, 0, 1, 2].flatMap((y) => [-2, -1, 0, 1, 2].map((x) => this.voxels[i + x + this.shape[0] * (j + y + this.shape[1] * k)]));
      if (around.every((other) => other === label)) points.push({ label, at });
    }
    return points;
  }
}
