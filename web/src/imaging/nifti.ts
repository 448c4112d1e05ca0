/** Reads the volumes that Larmor writes: NIfTI-1, little endian, one byte or one float a voxel, placed by its sform (nifti1.h). */
import { upright, type Index, type Volume, type Voxels } from "./volume";

const HEADER = 348;
/** 1024 x 1024 x 512 voxels: more than any head has, less than a tab may hold. */
const MOST_VOXELS = 2 ** 29;
const KINDS: Record<number, { bytes: number; read: (bytes: ArrayBuffer) => Voxels }> = {
  2: { bytes: 1, read: (bytes) => new Uint8Array(bytes) },
  16: { bytes: 4, read: (bytes) => new Float32Array(bytes) },
};

/** Throws an Error in words where the bytes are no such volume. */
export function readNifti(bytes: ArrayBuffer): Volume {
  const view = new DataView(bytes);
  if (bytes.byteLength < HEADER || view.getInt32(0, true) !== HEADER) throw new Error("this is no NIfTI-1 volume");
  const shape = [42, 44, 46].map((at) => view.getInt16(at, true)) as unknown as Index;
  const kind = KINDS[view.getInt16(70, true)];
  if (!kind) throw new Error(`voxels of type ${view.getInt16(70, true)} are not read here`);
  if (view.getInt16(254, true) <= 0) throw new Error("the volume does not say where it lies");
  const count = shape[0] * shape[1] * shape[2];
  const from = view.getFloat32(108, true);
  if (shape.some((n) => n <= 0) || count > MOST_VOXELS || bytes.byteLength < from + count * kind.bytes)
    throw new Error(`the volume of ${shape.join(" x ")} voxels is cut off`);
  const toWorld = [280, 296, 312].map((row) => [0, 4, 8, 12].map((column) => view.getFloat32(row + column, true)));
  return upright(kind.read(bytes.slice(from, from + count * kind.bytes)), shape, toWorld);
}

/** Of the bytes as they lie on the server, which are gzip's. */
export async function unpack(packed: Blob): Promise<ArrayBuffer> {
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
