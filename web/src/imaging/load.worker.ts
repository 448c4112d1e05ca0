/** Fetches volumes and makes them ready to be drawn, beside the page's own thread: unpacking a head takes a second on a slow one. */
import { averaged } from "./average";
import { middles } from "./middles";
import { readNifti, unpack } from "./nifti";
import { frame, type Box } from "./slice";
import { sameGrid, type Index, type Volume } from "./volume";

export type ByteVolume = Volume<Uint8Array<ArrayBuffer>>;

/** What a head is drawn from. All volumes have one grid. */
export interface Scene {
  head: ByteVolume;
  labels: ByteVolume;
  /** The prior's head, laid on this one. */
  prior?: ByteVolume;
  /** Per cent since the prior, averaged for the eye. */
  change?: Volume<Float32Array<ArrayBuffer>>;
  /** The FLAIR, laid on the head. */
  flair?: ByteVolume;
  /** In the FLAIR: 1 lesion, 2 new, 3 grown since the prior. */
  lesions?: ByteVolume;
  /** By voxel value: a voxel in the middle of that structure. */
  middles: Map<number, Index>;
  /** What is worth showing: the brain and a little around it. */
  frame: Box;
}

/** Addresses. */
export interface Asked {
  head: string;
  labels: string;
  prior?: string;
  change?: string;
  flair?: string;
  lesions?: string;
}

export type Told = { share: number } | { scene: Scene } | { why: string };

/** Millimetres around the brain: the skull is seen, the air beside it is not. */
const ROOM = 14;

const tell = (told: Told, passed: Transferable[] = []) => (self as unknown as Worker).postMessage(told, passed);

/** A file's bytes, told as they come: received, and of how many (0: the server does not say). */
async function download(url: string, told: (received: number, total: number) => void): Promise<Blob> {
  const answer = await fetch(url);
  if (!answer.ok || !answer.body) throw new Error(`the server answered ${answer.status} for ${url}`);
  const total = Number(answer.headers.get("content-length") ?? 0);
  const pieces: BlobPart[] = [];
  let received = 0;
  const reader = answer.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    received += piece.value.length;
    told(received, total);
  }
  return new Blob(pieces);
}

function byteVolume(volume: Volume, name: string): ByteVolume {
  if (!(volume.voxels instanceof Uint8Array)) throw new Error(`${name} has other voxels than bytes`);
  return volume as ByteVolume;
}

async function load(asked: Asked): Promise<Scene> {
  const here = new Map<string, [received: number, total: number]>();
  const read = async (url: string) => {
    here.set(url, [0, 0]);
    const packed = await download(url, (...now) => {
      here.set(url, now);
      const all = [...here.values()];
      if (all.every(([, total]) => total > 0)) tell({ share: all.reduce((sum, [n]) => sum + n, 0) / all.reduce((sum, [, n]) => sum + n, 0) });
    });
    return readNifti(await unpack(packed));
  };
  const readIf = async (url: string | undefined) => (url ? read(url) : undefined);
  const [head, labels, prior, change, flair, lesions] =
    await Promise.all([read(asked.head), read(asked.labels), readIf(asked.prior), readIf(asked.change), readIf(asked.flair), readIf(asked.lesions)]);
  for (const other of [labels, prior, change, flair, lesions]) if (other && !sameGrid(head, other)) throw new Error("the volumes have different grids");
  const named = byteVolume(labels, "labels");
  return {
    head: byteVolume(head, "head"), labels: named, middles: middles(named), frame: frame(labels, ROOM),
    prior: prior && byteVolume(prior, "prior"), change: change && averaged(change, labels),
    flair: flair && byteVolume(flair, "FLAIR"), lesions: lesions && byteVolume(lesions, "lesions"),
  };
}

const buffersOf = ({ head, labels, prior, change, flair, lesions }: Scene) => [head, labels, prior, change, flair, lesions].flatMap((one) => one?.voxels.buffer ?? []);

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  load(data).then(
    (scene) => tell({ scene }, buffersOf(scene)),
    (error: unknown) => tell({ why: error instanceof Error ? error.message : String(error) }),
  );
};
