import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Freshness } from "./queries";
import type { Event } from "./types";

const event = (seq: number, type: string, study = "1.2.3"): Event => ({ seq, at: "2026-11-24T09:00:00Z", type, service: "t", study, key: "", fields: {}, words: "" });

let queries: QueryClient;
let freshness: Freshness;

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  freshness = new Freshness(queries, 200);
  return () => vi.useRealTimers();
});

const stale = (key: unknown[]) => queries.getQueryState(key)?.isInvalidated;

describe("an event that arrives", () => {
  it("is added to the stories that are open, once, and to no other", () => {
    queries.setQueryData(["steps", "1.2.3"], [event(1, "study.complete")]);
    queries.setQueryData(["story", "1.2.3"], [event(1, "study.complete")]);
    queries.setQueryData(["steps", "9"], []);
    for (const one of [event(1, "study.complete"), event(2, "instance.stored"), event(3, "job.queued"), event(3, "job.queued")]) freshness.take(one);
    vi.advanceTimersByTime(250);
    expect(queries.getQueryData<Event[]>(["steps", "1.2.3"])!.map((one) => one.seq)).toEqual([1, 3]);
    expect(new Set(queries.getQueryData<Event[]>(["story", "1.2.3"])!.map((one) => one.seq))).toEqual(new Set([1, 2, 3]));
    expect(queries.getQueryData(["steps", "9"])).toEqual([]);
    expect(queries.getQueryData(["steps", "unknown"])).toBeUndefined();
  });

  it("makes the lists that it changes out of date, and leaves the others", () => {
    for (const key of [["studies", ""], ["study", "1.2.3"], ["results", "1.2.3"], ["study", "9"]]) queries.setQueryData(key, {});
    freshness.take(event(1, "instance.stored"));
    vi.advanceTimersByTime(250);
    expect([stale(["studies", ""]), stale(["study", "1.2.3"]), stale(["results", "1.2.3"]), stale(["study", "9"])]).toEqual([true, true, false, false]);
    freshness.take(event(2, "results.stored"));
    vi.advanceTimersByTime(250);
    expect(stale(["results", "1.2.3"])).toBe(true);
  });

  it("costs one renewal however many come at once", () => {
    queries.setQueryData(["studies", ""], {});
    const invalidate = vi.spyOn(queries, "invalidateQueries");
    for (let seq = 1; seq <= 1000; seq += 1) freshness.take(event(seq, "instance.stored"));
    vi.advanceTimersByTime(250);
    expect(invalidate.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "studies")).toHaveLength(1);
  });

  it("is not lost while an older answer is under way", async () => {
    let answers: Event[] = [event(1, "study.complete")];
    let release = () => {};
    const read = vi.fn(async () => {
      const answer = answers;
      await new Promise<void>((resolve) => (release = resolve));
      return answer;
    });
    const { QueryObserver } = await import("@tanstack/react-query");
    const unsubscribe = new QueryObserver(queries, { queryKey: ["steps", "1.2.3"], queryFn: read }).subscribe(() => {});
    answers = [...answers, event(2, "job.queued")];
    freshness.take(event(2, "job.queued"));
    await vi.advanceTimersByTimeAsync(300);
    release();
    await vi.advanceTimersByTimeAsync(300);
    release();
    await vi.advanceTimersByTimeAsync(10);
    expect(read).toHaveBeenCalledTimes(2);
    expect(queries.getQueryData<Event[]>(["steps", "1.2.3"])!.map((one) => one.seq)).toEqual([1, 2]);
    unsubscribe();
  });
});
