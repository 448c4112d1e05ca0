import { describe, expect, it } from "vitest";

import { Problem } from "../../api/client";
import type { UploadReport } from "../../api/types";
import { UploadQueue, type Bounds, type Send } from "./queue";

const BOUNDS: Bounds = { parallel: 3, tries: 3, retryMs: 1, notifyMs: 0 };
const report = (fields: Partial<UploadReport> = {}): UploadReport => ({ taken: 1, duplicates: 0, refused: [], refused_count: 0, studies: ["1.2.3"], ...fields });
const files = (n: number) => Array.from({ length: n }, (_, index) => ({ file: new Blob(["x".repeat(10)]), name: `f${index}` }));

const settled = (queue: UploadQueue) =>
  new Promise<ReturnType<UploadQueue["snapshot"]>>((resolve) => {
    queue.subscribe(() => queue.snapshot().active || resolve(queue.snapshot()));
  });

async function run(send: Send, n = 1) {
  const queue = new UploadQueue(send, BOUNDS);
  const end = settled(queue);
  queue.add(files(n));
  return { queue, end: await end };
}

describe("the queue of files", () => {
  it("sends a few at a time and all in the end", async () => {
    let now = 0;
    let most = 0;
    const { end } = await run(async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
      return report();
    }, 50);
    expect(most).toBe(3);
    expect(end.counts).toMatchObject({ files: 50, finished: 50, taken: 50, bytes: 500, bytesSent: 500, failed: 0 });
    expect(end.studies).toEqual(["1.2.3"]);
  });

  it("tells taken from duplicate from refused, file by file", async () => {
    const answers = [report(), report({ taken: 0, duplicates: 1 }), report({ taken: 0, refused_count: 1, refused: [{ name: "f2", reason: "no DICM at byte 128" }] })];
    const { end } = await run(async () => answers.shift()!, 3);
    expect(end.items.map((item) => [item.state, item.reason])).toEqual([["done", ""], ["done", ""], ["refused", "no DICM at byte 128"]]);
    expect(end.counts).toMatchObject({ taken: 1, duplicates: 1, refused: 1 });
  });

  it("counts what a ZIP held, and keeps the reasons of those refused in it", async () => {
    const { end } = await run(async () => report({ taken: 174, refused_count: 2, refused: [{ name: "README.TXT", reason: "no DICOM" }, { name: "AUTORUN.INF", reason: "no DICOM" }] }));
    expect(end.items[0]).toMatchObject({ state: "done" });
    expect(end.counts).toMatchObject({ taken: 174, refused: 2 });
  });

  it("tries again when the server is away, and takes a refusal for an answer", async () => {
    let asked = 0;
    const { end } = await run(async () => {
      asked += 1;
      if (asked < 3) throw new Problem(503, "busy");
      return report();
    });
    expect([asked, end.items[0]!.state]).toEqual([3, "done"]);

    asked = 0;
    const refused = await run(async () => {
      asked += 1;
      throw new Problem(422, "f0 is not DICOM", "Only DICOM files are taken.");
    });
    expect([asked, refused.end.items[0]!.state, refused.end.items[0]!.reason]).toEqual([1, "refused", "f0 is not DICOM. Only DICOM files are taken."]);
  });

  it("gives up after so many tries, and sends again when told to", async () => {
    let away = true;
    const { queue, end } = await run(async () => {
      if (away) throw new Problem(0, "Larmor cannot be reached.");
      return report();
    }, 2);
    expect(end.counts).toMatchObject({ failed: 2, taken: 0 });
    away = false;
    const again = settled(queue);
    queue.retryFailed();
    expect((await again).counts).toMatchObject({ failed: 0, taken: 2 });
  });

  it("stops what waits and what is on its way", async () => {
    const queue = new UploadQueue((_, __, ___, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))), BOUNDS);
    const end = settled(queue);
    queue.add(files(10));
    queue.stop();
    expect((await end).items.every((item) => item.state === "stopped")).toBe(true);
  });
});
