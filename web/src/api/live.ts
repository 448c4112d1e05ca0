/**
 * The event log, followed for as long as the page is open. It starts where the log ends, goes on from the last number that it
 * saw after a lost connection, and notices a connection that died without a word. Where too much was missed to be read one
 * by one, it says so (`onGap`) and goes on from the newest.
 */
import { newest, streamAddress } from "./calls";
import { Parser } from "./sse";
import type { Event } from "./types";

export type Link = "connecting" | "live" | "lost";

export interface Listener {
  onEvent(event: Event): void;
  /** Everything read so far may be out of date: at the first connection, and after a gap too long to replay. */
  onGap(): void;
  onLink(link: Link): void;
}

export interface Limits {
  /** A connection that says nothing for so long is taken for dead; asking anew is cheap. */
  silenceMs: number;
  firstRetryMs: number;
  mostRetryMs: number;
  /** More missed events than this are not replayed. */
  mostMissed: number;
}

const LIMITS: Limits = { silenceMs: 25_000, firstRetryMs: 500, mostRetryMs: 10_000, mostMissed: 2000 };

export function retryDelay(failures: number, limits: Limits): number {
  return Math.min(limits.mostRetryMs, limits.firstRetryMs * 2 ** Math.min(failures, 10));
}

/** Where a stream begins, and which events it has; all from now on unless said otherwise. */
export interface Stretch {
  /** The last number that is known already. */
  after?: number;
  address(after: number): string;
}

/** Follows until `stop` is called. `wake` tries at once: the page is visible again, or the network is back. */
export function follow(
  listener: Listener, limits: Limits = LIMITS, stretch: Stretch = { address: streamAddress },
): { stop(): void; wake(): void; pause(): void } {
  let stopped = false;
  let paused = false;
  let last = stretch.after;
  let failures = 0;
  let current: AbortController | undefined;
  let rouse: () => void = () => {};

  const pauseFor = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function startingPoint(signal: AbortSignal): Promise<number> {
    const end = await newest(last ?? Number.MAX_SAFE_INTEGER, signal);
    // A smaller number than before: the log was replaced, so nothing known holds any more.
    if (last === undefined || end < last || end - last > limits.mostMissed) {
      listener.onGap();
      return end;
    }
    return last;
  }

  async function once(control: AbortController): Promise<void> {
    let watchdog = setTimeout(() => control.abort(), limits.silenceMs);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => control.abort(), limits.silenceMs);
    };
    try {
      last = await startingPoint(control.signal);
      const response = await fetch(stretch.address(last), { signal: control.signal, headers: { accept: "text/event-stream" } });
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      listener.onLink("live");
      failures = 0;
      const parser = new Parser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        alive();
        for (const message of parser.push(value)) {
          const event = JSON.parse(message.data) as Event;
          if (event.seq <= last) continue;
          last = event.seq;
          listener.onEvent(event);
        }
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      if (paused) {
        await pauseFor(3_600_000);
        continue;
      }
      current = new AbortController();
      const began = Date.now();
      try {
        await once(current);
      } catch {
        // Any end of the connection has the same answer: ask again.
      }
      if (stopped) return;
      if (paused) continue;
      // A quiet log looks like a dead connection; only one that ended early is worth telling.
      if (Date.now() - began < limits.silenceMs) {
        listener.onLink("lost");
        await pauseFor(retryDelay(failures++, limits));
      }
    }
  }

  void run();
  return {
    stop() {
      stopped = true;
      current?.abort();
      rouse();
    },
    pause() {
      paused = true;
      current?.abort();
    },
    wake() {
      paused = false;
      failures = 0;
      rouse();
    },
  };
}

/**
 * Gives the connection back while nobody sees the page: browsers allow six to a server, and every tab would hold one, also a tab that was
 * opened in the background. Returns what ends the stream.
 */
export function whileSeen(stream: ReturnType<typeof follow>): () => void {
  const look = () => (document.hidden ? stream.pause() : stream.wake());
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  if (document.hidden) stream.pause();
  return () => {
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", look);
    stream.stop();
  };
}
