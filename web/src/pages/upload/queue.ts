/**
 * Files on their way to Larmor: a few at a time, each with what became of it. Lives as long as the application, so that looking
 * at another page stops nothing.
 */
import { Problem } from "../../api/client";
import type { UploadReport } from "../../api/types";

export type ItemState = "waiting" | "sending" | "done" | "refused" | "failed" | "stopped";

export interface Item {
  id: number;
  name: string;
  size: number;
  state: ItemState;
  sent: number;
  report?: UploadReport;
  /** Why it was refused or not sent. */
  reason: string;
  tries: number;
}

export interface Counts {
  files: number;
  finished: number;
  taken: number;
  duplicates: number;
  refused: number;
  failed: number;
  bytes: number;
  bytesSent: number;
}

export interface Snapshot {
  items: readonly Item[];
  counts: Counts;
  studies: readonly string[];
  active: boolean;
  secondsLeft?: number;
}

export type Send = (file: Blob, name: string, onSent: (bytes: number) => void, signal: AbortSignal) => Promise<UploadReport>;

export interface Bounds {
  /** Browsers allow six connections to a server, and the event stream holds one. */
  parallel: number;
  tries: number;
  retryMs: number;
  notifyMs: number;
}

const BOUNDS: Bounds = { parallel: 4, tries: 3, retryMs: 800, notifyMs: 100 };

interface Entry extends Item {
  file: Blob;
}

export class UploadQueue {
  private readonly send: Send;
  private readonly bounds: Bounds;
  private readonly now: () => number;
  private entries: Entry[] = [];
  private waiting: Entry[] = [];
  private running = 0;
  private nextId = 1;
  private control = new AbortController();
  private began = 0;
  private sentBefore = 0;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private view: Snapshot = snapshotOf([], 0, 0, 0);

  constructor(send: Send, bounds: Bounds = BOUNDS, now: () => number = Date.now) {
    this.send = send;
    this.bounds = bounds;
    this.now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.view;

  add(files: readonly { file: Blob; name: string }[]): void {
    const fresh = files.map(({ file, name }): Entry => ({
      id: this.nextId++, name, size: file.size, state: "waiting", sent: 0, reason: "", tries: 0, file,
    }));
    this.entries.push(...fresh);
    this.enqueue(fresh);
  }

  retryFailed(): void {
    const failed = this.entries.filter((entry) => entry.state === "failed" || entry.state === "stopped");
    for (const entry of failed) Object.assign(entry, { state: "waiting", sent: 0, reason: "", tries: 0 });
    this.enqueue(failed);
  }

  /** What waits and what is on its way ends here; what was taken stays taken. */
  stop(): void {
    for (const entry of this.waiting) entry.state = "stopped";
    this.waiting = [];
    this.control.abort();
    this.control = new AbortController();
    this.changed();
  }

  clear(): void {
    if (this.running > 0 || this.waiting.length > 0) return;
    this.entries = [];
    this.changed();
  }

  private enqueue(entries: Entry[]): void {
    if (entries.length === 0) return;
    if (this.running === 0 && this.waiting.length === 0) {
      this.began = this.now();
      this.sentBefore = sum(this.entries, (entry) => entry.sent);
    }
    this.waiting.push(...entries);
    this.pump();
    this.changed();
  }

  private pump(): void {
    while (this.running < this.bounds.parallel) {
      const entry = this.waiting.shift();
      if (!entry) return;
      this.running += 1;
      void this.one(entry, this.control.signal).finally(() => {
        this.running -= 1;
        this.pump();
        this.changed();
      });
    }
  }

  private async one(entry: Entry, signal: AbortSignal): Promise<void> {
    entry.state = "sending";
    for (;;) {
      entry.tries += 1;
      try {
        const report = await this.send(entry.file, entry.name, (bytes) => {
          entry.sent = Math.min(bytes, entry.size);
          this.changed();
        }, signal);
        const nothingTaken = report.taken + report.duplicates === 0 && report.refused_count > 0;
        Object.assign(entry, { report, sent: entry.size, state: nothingTaken ? "refused" : "done", reason: nothingTaken ? report.refused[0]?.reason ?? "" : "" });
        return;
      } catch (error) {
        if (signal.aborted) {
          Object.assign(entry, { state: "stopped", sent: 0 });
          return;
        }
        const problem = Problem.of(error);
        entry.sent = 0;
        if (problem.passing && entry.tries < this.bounds.tries) {
          await new Promise((resolve) => setTimeout(resolve, this.bounds.retryMs * 2 ** (entry.tries - 1)));
          if (!signal.aborted) continue;
          entry.state = "stopped";
          return;
        }
        Object.assign(entry, { state: problem.passing ? "failed" : "refused", reason: problem.message });
        return;
      }
    }
  }

  /** Thousands of files change often; listeners are told at most every `notifyMs`. */
  private changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const rateBytes = sum(this.entries, (entry) => entry.sent) - this.sentBefore;
      this.view = snapshotOf(this.entries, this.running + this.waiting.length, rateBytes, (this.now() - this.began) / 1000);
      for (const listener of this.listeners) listener();
    }, this.bounds.notifyMs);
  }
}

const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);

function snapshotOf(entries: readonly Entry[], open: number, sent: number, seconds: number): Snapshot {
  const counts: Counts = { files: entries.length, finished: 0, taken: 0, duplicates: 0, refused: 0, failed: 0, bytes: 0, bytesSent: 0 };
  const studies = new Set<string>();
  for (const entry of entries) {
    counts.bytes += entry.size;
    counts.bytesSent += entry.state === "refused" ? entry.size : entry.sent;
    if (entry.state !== "waiting" && entry.state !== "sending") counts.finished += 1;
    if (entry.state === "failed" || entry.state === "stopped") counts.failed += 1;
    counts.taken += entry.report?.taken ?? 0;
    counts.duplicates += entry.report?.duplicates ?? 0;
    counts.refused += entry.report ? entry.report.refused_count : entry.state === "refused" ? 1 : 0;
    entry.report?.studies.forEach((study) => studies.add(study));
  }
  const left = counts.bytes - counts.bytesSent;
  const secondsLeft = open > 0 && seconds > 2 && sent > 0 ? Math.max(1, Math.round((left * seconds) / sent)) : undefined;
  return { items: entries.map(shown), counts, studies: [...studies], active: open > 0, secondsLeft };
}

function shown(entry: Entry): Item {
  const { id, name, size, state, sent, report, reason, tries } = entry;
  return { id, name, size, state, sent, report, reason, tries };
}
