import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { setRoot } from "./client";
import { follow, retryDelay, whileSeen, type Limits, type Link } from "./live";
import type { Event as LogEvent } from "./types";

const LIMITS: Limits = { silenceMs: 80, firstRetryMs: 5, mostRetryMs: 20, mostMissed: 10 };

/** A server whose log can grow, whose connections can be cut, and which can be away. */
class Server {
  last = 0;
  away = false;
  readonly asked: number[] = [];
  private streams: ReadableStreamDefaultController<Uint8Array>[] = [];

  fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    if (this.away) throw new TypeError("network");
    init?.signal?.throwIfAborted();
    const url = new URL(String(input));
    if (url.pathname === "/v1/events") return Response.json({ items: [], last: this.last });
    const after = Number(url.searchParams.get("after"));
    this.asked.push(after);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.streams.push(controller);
        init?.signal?.addEventListener("abort", () => {
          try { controller.error(new DOMException("aborted", "AbortError")); } catch { /* ended before */ }
          this.streams = this.streams.filter((one) => one !== controller);
        });
        for (let seq = after + 1; seq <= this.last; seq += 1) controller.enqueue(this.frame(seq));
      },
    });
    return new Response(body);
  };

  grow(n = 1): void {
    for (; n > 0; n -= 1) {
      this.last += 1;
      for (const stream of this.streams) stream.enqueue(this.frame(this.last));
    }
  }
  get open(): number {
    return this.streams.length;
  }
  cut(): void {
    for (const stream of this.streams.splice(0)) stream.close();
  }
  private frame = (seq: number) => new TextEncoder().encode(`id: ${seq}\ndata: {"seq":${seq},"type":"t"}\n\n`);
}

let server: Server;
let seen: number[];
let gaps: number;
let links: Link[];
let stream: ReturnType<typeof follow>;

beforeEach(() => {
  server = new Server();
  server.last = 100;
  seen = [];
  gaps = 0;
  links = [];
  setRoot("http://larmor.test");
  vi.stubGlobal("fetch", server.fetch);
});
afterEach(() => {
  stream.stop();
  vi.unstubAllGlobals();
  setRoot("");
});

const begin = () => (stream = follow({ onEvent: (event: LogEvent) => seen.push(event.seq), onGap: () => (gaps += 1), onLink: (link) => links.push(link) }, LIMITS));
const until = (test: () => boolean) => vi.waitFor(() => expect(test()).toBe(true), { timeout: 2000, interval: 2 });

describe("following the log", () => {
  it("starts at its end and asks for everything once", async () => {
    begin();
    await until(() => links.includes("live"));
    server.grow(2);
    await until(() => seen.length === 2);
    expect(seen).toEqual([101, 102]);
    expect(gaps).toBe(1);
  });

  it("misses nothing and repeats nothing when the connection is lost", async () => {
    begin();
    await until(() => links.includes("live"));
    server.grow();
    await until(() => seen.length === 1);
    server.away = true;
    server.cut();
    await until(() => links.at(-1) === "lost");
    server.last += 3;
    server.away = false;
    await until(() => seen.length === 4);
    expect(seen).toEqual([101, 102, 103, 104]);
    expect(gaps).toBe(1);
    expect(links.at(-1)).toBe("live");
  });

  it("reads everything anew after a gap too long to replay", async () => {
    begin();
    await until(() => server.asked.length === 1);
    server.cut();
    server.last += 1000;
    await until(() => server.asked.length === 2);
    expect(gaps).toBe(2);
    expect(server.asked.at(-1)).toBe(1100);
  });

  it("reads everything anew when the log is another one", async () => {
    begin();
    await until(() => server.asked.length === 1);
    server.last = 3;
    server.cut();
    await until(() => server.asked.length === 2);
    expect(gaps).toBe(2);
    server.grow();
    await until(() => seen.includes(4));
  });

  it("leaves a connection that says nothing, without an alarm", async () => {
    begin();
    await until(() => server.asked.length >= 3);
    expect(links).not.toContain("lost");
    server.grow();
    await until(() => seen.length === 1);
  });

  it("gives its connection back while paused, and catches up when woken", async () => {
    begin();
    await until(() => links.includes("live"));
    stream.pause();
    server.last += 2;
    const asked = server.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(server.asked.length).toBe(asked);
    stream.wake();
    await until(() => seen.length === 2);
  });

  it("is held only while somebody sees the page, also of a tab that was opened in the background", async () => {
    const page = Object.assign(new EventTarget(), { hidden: true });
    vi.stubGlobal("document", page);
    vi.stubGlobal("window", new EventTarget());
    const turn = (hidden: boolean) => { page.hidden = hidden; page.dispatchEvent(new Event("visibilitychange")); };
    const end = whileSeen(begin());
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.open).toBe(0);
    window.dispatchEvent(new Event("online"));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.open).toBe(0);
    turn(false);
    await until(() => server.open === 1);
    turn(true);
    await until(() => server.open === 0);
    end();
    turn(false);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.open).toBe(0);
  });

  it("waits longer after each failure, and never longer than the most", () => {
    const delays = Array.from({ length: 12 }, (_, failures) => retryDelay(failures, LIMITS));
    expect(delays.slice(0, 3)).toEqual([5, 10, 20]);
    expect(Math.max(...delays)).toBe(20);
  });
});
