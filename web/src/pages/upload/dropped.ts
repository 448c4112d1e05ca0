/** The files in what was dropped or chosen, folders opened, each under its path. */

export interface Found {
  file: File;
  name: string;
}

/** A drop with more files than this is cut; nobody's study has so many. */
export const MOST_FILES = 100_000;

const isEntry = (entry: FileSystemEntry | null): entry is FileSystemEntry => entry !== null;
/** Files that systems leave behind and that nobody means to send. */
const LEFTOVER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/;

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A reader gives its entries in batches, and an empty one at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0 || all.length >= MOST_FILES) return all;
    all.push(...batch);
  }
}

/** Must be called within the drop event: the items are gone afterwards. `onCount` tells how many were found so far. */
export async function filesOfDrop(transfer: DataTransfer, onCount: (n: number) => void): Promise<Found[]> {
  const waiting = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry()).filter(isEntry);
  const loose = [...transfer.files];
  if (waiting.length === 0) return loose.map((file) => ({ file, name: file.name }));
  const found: Found[] = [];
  while (waiting.length > 0 && found.length < MOST_FILES) {
    const entry = waiting.shift()!;
    if (entry.isDirectory) {
      waiting.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
    } else if (!LEFTOVER.test(entry.fullPath)) {
      found.push({ file: await fileOf(entry as FileSystemFileEntry), name: entry.fullPath.replace(/^\//, "") });
      if (found.length % 100 === 0) onCount(found.length);
    }
  }
  return found;
}

export const filesOfInput = (files: FileList): Found[] =>
  [...files]
    .map((file) => ({ file, name: file.webkitRelativePath || file.name }))
    .filter(({ name }) => !LEFTOVER.test(name))
    .slice(0, MOST_FILES);
