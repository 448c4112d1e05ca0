import { readFileSync } from "node:fs";

import { afterEach, describe, expect, it, vi } from "vitest";

import { address, get, Problem } from "./client";
import * as calls from "./calls";

afterEach(() => vi.unstubAllGlobals());

const answering = (...bodies: (Response | Error)[]) => {
  const fetch = vi.fn<(url: string) => Promise<Response>>(async () => {
    const next = bodies.shift();
    if (next instanceof Error || next === undefined) throw next ?? new Error("asked too often");
    return next;
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
};

const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

describe("a call that fails", () => {
  it("carries the server's own words", async () => {
    answering(Response.json({ type: "urn:larmor:problem:not_found", title: "not_found", status: 404, detail: "no study 1.2.3", hint: "Look in the list.", pointer: "/study" }, { status: 404 }));
    expect(await failure(get("/v1/studies/1.2.3"))).toMatchObject({ status: 404, what: "no study 1.2.3", hint: "Look in the list.", pointer: "/study", passing: false });
  });

  it("says so when there is no server, and that it may pass", async () => {
    answering(new TypeError("fetch failed"));
    expect(await failure(get("/v1/studies"))).toMatchObject({ status: 0, passing: true });
  });

  it("is told by its status when a proxy answered", async () => {
    answering(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const problem = await failure(get("/v1/studies"));
    expect(problem).toMatchObject({ status: 502, passing: true });
    expect(problem.what).toContain("502");
  });

  it("is told when the answer was cut off", async () => {
    answering(new Response('{"items": ['));
    expect((await failure(get("/v1/studies"))).what).toContain("/v1/studies");
  });
});

describe("an address", () => {
  it("leaves out what is empty and repeats what is many", () => {
    expect(address("/v1/events", { study: "1.2", type: ["a.", "b."], after: 0, q: "", limit: undefined })).toBe("/v1/events?study=1.2&type=a.&type=b.&after=0");
  });

  it("cannot be led astray by what an identifier contains", () => {
    expect(calls.fileAddress("j/1", "../../etc/passwd?x")).toBe("/v1/results/j%2F1/files/..%2F..%2Fetc%2Fpasswd%3Fx");
  });
});

describe("the pages", () => {
  it("ask for nothing that the API does not promise", async () => {
    const asked: [string, string][] = [];
    vi.stubGlobal("fetch", async (url: string, options: RequestInit = {}) => {
      asked.push([options.method ?? "GET", url]);
      return Response.json({ items: [], last: 0 });
    });
    await Promise.all([calls.studies({ q: "q", from: "20260101", to: "20260102", modality: "MR" }, ""), calls.study("1.2"), calls.series("1.2"), calls.results("1.2"), calls.arrivals(), calls.workers(), calls.version(),
      calls.events("1.2", []), calls.events("1.2", calls.STEP_TYPES), calls.newest(1), calls.revive("j"),
      calls.jobs("dead", "q", ""), calls.queues(), calls.cancel("j"), calls.destinations(), calls.echo("d"), calls.settings(), calls.examination(), calls.greetings(0),
      calls.pipelines(), calls.curves("j"), calls.analyse("1.2", 1, "p"), calls.deliver("d", "1.2", ["1"]), calls.giveFeedback("j", { words: "w" })]);
    for (const url of [calls.streamAddress(1), calls.fileAddress("j", "f"), calls.objectAddress("1.2")]) asked.push(["GET", url]);
    asked.push(["POST", "/v1/uploads?name=f"]);
    const { paths } = JSON.parse(readFileSync(new URL("../../../api/openapi.json", import.meta.url), "utf8")) as { paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>> };
    const known = Object.entries(paths).flatMap(([path, verbs]) => Object.entries(verbs).map(([verb, { parameters = [] }]) => ({
      verb: verb.toUpperCase(), path: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`), query: parameters.filter((one) => one.in === "query").map((one) => one.name),
    })));
    for (const [method, url] of asked) {
      const { pathname, searchParams } = new URL(url, "http://here");
      const route = known.find(({ verb, path }) => verb === method && path.test(pathname));
      expect(route, `${method} ${pathname}`).toBeDefined();
      expect(route?.query, `${method} ${pathname}`).toEqual(expect.arrayContaining([...searchParams.keys()]));
    }
  });
});

describe("a study's events", () => {
  it("are read page by page to their end", async () => {
    const page = (from: number, n: number) => Response.json({ items: Array.from({ length: n }, (_, index) => ({ seq: from + index })), last: 2500 });
    const fetch = answering(page(1, 1000), page(1001, 1000), page(2001, 500));
    const events = await calls.events("1.2.3", calls.STEP_TYPES);
    expect(events).toHaveLength(2500);
    expect(fetch.mock.calls.map(([url]) => new URL(url, "http://x").searchParams.get("after"))).toEqual(["0", "1000", "2000"]);
  });

  it("are cut at a bound", async () => {
    const fetch = answering(...Array.from({ length: 20 }, (_, index) => Response.json({ items: Array.from({ length: 1000 }, (__, i) => ({ seq: index * 1000 + i + 1 })), last: 99999 })));
    expect(await calls.events("1.2.3", [])).toHaveLength(calls.MOST_EVENTS);
    expect(fetch).toHaveBeenCalledTimes(calls.MOST_EVENTS / 1000);
  });
});
