import { describe, expect, it } from "vitest";

import type { Event } from "../api/types";
import { text } from "../text";
import { derive } from "./derive";
import { headline } from "./headline";
import { linesOf } from "./lines";
import { eventWords } from "./stepWords";

const event = (seq: number, type: string, fields: Record<string, unknown> = {}): Event => ({
  seq, at: `2026-11-24T09:00:${String(seq % 60).padStart(2, "0")}Z`, type, service: "test", study: "1.2.3", key: "", fields, words: "",
});

/** Every type of api/events.md. */
const TYPES = ["instance.stored", "instance.duplicate", "instance.conflict", "association.opened", "association.closed", "series.complete",
  "study.complete", "study.late", "rule.matched", "rule.skipped", "job.queued", "job.started", "job.progress", "job.retrying", "job.finished",
  "job.dead", "job.revived", "job.released", "job.cancelled", "prior.requested", "prior.arrived", "prior.chosen", "prior.none",
  "results.stored", "results.refused", "export.queued", "export.sent", "export.confirmed", "export.failed"];

describe("an event in words", () => {
  it("exists for every type, and never shows an empty field", () => {
    for (const type of TYPES) {
      expect(text.events[type], type).toBeTypeOf("function");
      expect(eventWords(type, {})).not.toMatch(/undefined|null|NaN|\[object|\s{2}/);
    }
  });

  it("gives the reason", () => {
    expect(eventWords("rule.skipped", { rule: "prostate", reason: "Modality is MR, BodyPart is HEAD" })).toBe("Rule prostate did not match: Modality is MR, BodyPart is HEAD");
    expect(eventWords("study.complete", { generation: 2, series: 1, instances: 1, reason: "quiet for 5 s" })).toBe("Study complete again with 1 image in 1 series: quiet for 5 s");
  });

  it("reads an error that travels as problem details", () => {
    expect(eventWords("job.dead", { queue: "pipeline/brain", attempt: 3, error: { what: "out of memory" } })).toBe("Analysis brain failed for good after 3 attempts: out of memory");
  });

  it("tells a type that these pages do not know in the server's words, or by its name", () => {
    expect(eventWords("helium.level_low", {}, "helium of MR1 is at 61%")).toBe("helium of MR1 is at 61%");
    expect(eventWords("helium.level_low", {})).toBe("helium level low");
  });
});

describe("the story's lines", () => {
  it("tell many images in one line", () => {
    const images = Array.from({ length: 176 }, (_, index) => event(index + 1, "instance.stored", { series: "s1", number: index + 1, way: "c-store", sender: "PACS" }));
    const lines = linesOf([...images, event(177, "series.complete", { instances: 176 })]);
    expect(lines.map((line) => line.words)).toEqual(["176 images stored, from PACS", "Series complete with 176 images"]);
    expect(lines[0]!.events).toHaveLength(176);
  });

  it("keep series apart that arrive at the same time", () => {
    const lines = linesOf([1, 2, 3, 4, 5, 6].map((seq) => event(seq, "instance.stored", { series: seq % 2 ? "odd" : "even", sender: "PACS" })));
    expect(lines.map((line) => line.events.length)).toEqual([3, 3]);
  });

  it("tell the objects of one result in one line", () => {
    const lines = linesOf([1, 2, 3].map((seq) => event(seq, "instance.stored", { series: `s${seq}`, way: "result" })));
    expect(lines.map((line) => line.words)).toEqual(["3 result objects stored"]);
  });

  it("begin a new line after something else happened", () => {
    const lines = linesOf([event(1, "instance.stored", { series: "s1" }), event(2, "study.complete"), event(3, "instance.stored", { series: "s1" })]);
    expect(lines.map((line) => line.type)).toEqual(["instance.stored", "study.complete", "instance.stored"]);
  });

  it("hold every event exactly once, in whatever order they came", () => {
    const events = TYPES.map((type, index) => event(index + 1, type));
    const lines = linesOf([...events].reverse().concat(events));
    expect(lines.flatMap((line) => line.events.map((one) => one.seq))).toEqual(events.map((one) => one.seq));
  });
});

describe("the headline", () => {
  const running = derive([event(1, "study.complete", { generation: 1 }), event(2, "job.queued", { job: "j1", queue: "pipeline/brain" }), event(3, "job.started", { job: "j1", queue: "pipeline/brain" })]);

  it("says what an arriving study waits for", () => {
    expect(headline(derive([]), "quiet for 2.1 of 5 s", 0)).toMatchObject({ words: "Arriving", detail: "waiting for quiet for 2.1 of 5 s" });
    expect(headline(derive([]), "waiting for PACS", 0).detail).toBe("waiting for PACS");
  });

  it("prefers what the worker said last to what the log holds", () => {
    expect(headline(running, "", Date.parse("2026-11-24T09:00:13Z"), { job: "j1", fraction: 0.4, step: "segment" })).toMatchObject({
      words: "Analysing 40%", detail: "segmenting, about 15 s left", fraction: 0.4,
    });
  });

  it("does not take another job's progress for its own", () => {
    expect(headline(running, "", 0, { job: "other", fraction: 0.9, step: "writing" })).toMatchObject({ words: "Analysing", detail: "brain" });
  });
});
