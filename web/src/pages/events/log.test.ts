import { describe, expect, it } from "vitest";

import type { Event } from "../../api/types";
import { choiceOf, eventsSearch, parsed } from "./search";
import { opened, withNewer, withNewest, withOlder } from "./window";

const event = (seq: number): Event => ({ seq, at: "2026-11-24T09:00:00Z", type: "job.queued", service: "dispatch", study: "1.2", key: "", fields: {}, words: "" });
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => event(from - index));
const up = (from: number, to: number) => down(to, from).reverse();
const numbers = (events: Event[]) => events.map(({ seq }) => seq);

describe("the part of the log in memory", () => {
  it("grows at the top by what happens, once each", () => {
    const window = withNewest(opened({ items: down(3, 1), next: "" }), [event(3), event(4), event(5)]);
    expect(numbers(window.events)).toEqual([5, 4, 3, 2, 1]);
    expect(window.older).toBeUndefined();
  });

  it("forgets the oldest when it is full, and knows where to read them again", () => {
    const window = withNewest(opened({ items: down(4, 1) }), [event(5), event(6)], 4);
    expect(numbers(window.events)).toEqual([6, 5, 4, 3]);
    expect(window.older).toBe(3);
    expect(window.cutNewer).toBe(false);
  });

  it("forgets the newest when one reads far back, and gets them again on the way up", () => {
    const first = opened({ items: down(9, 7), next: "7" });
    const back = withOlder(first, { items: down(6, 4), next: "4" }, 4);
    expect(numbers(back.events)).toEqual([7, 6, 5, 4]);
    expect([back.older, back.cutNewer]).toEqual([4, true]);
    const forth = withNewer(back, { items: up(8, 9), next: "" }, 4);
    expect(numbers(forth.events)).toEqual([9, 8, 7, 6]);
    expect([forth.older, forth.cutNewer]).toEqual([6, false]);
  });

  it("goes on behind a page in which nothing fitted the filter", () => {
    const window = withOlder(opened({ items: [], next: "500" }), { items: [], next: "100" });
    expect([window.events.length, window.older]).toEqual([0, 100]);
  });
});

describe("filters in the address", () => {
  it("are whatever an event says", () => {
    const search = eventsSearch({ study: "1.2.3", type: "rule.,job.dead", rule: "brain-t1", generation: 2, empty: "", odd: {} });
    expect(choiceOf(search)).toEqual({ study: "1.2.3", type: ["rule.", "job.dead"], field: ["rule:brain-t1", "generation:2"] });
  });

  it("are bounded", () => {
    expect(Object.keys(eventsSearch(Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`f${n}`, "x"]))))).toHaveLength(12);
    expect(eventsSearch({ long: "x".repeat(500) })).toEqual({});
  });

  it("are typed as people type them", () => {
    expect(parsed("rule: brain-t1")).toEqual(["rule", "brain-t1"]);
    expect(parsed("job.dead")).toEqual(["type", "job.dead"]);
    expect(parsed("export")).toEqual(["type", "export."]);
    expect(parsed("1.2.826.0.1")).toEqual(["study", "1.2.826.0.1"]);
    expect(parsed("rule:")).toBeUndefined();
    expect(parsed("what happened?")).toBeUndefined();
  });
});
