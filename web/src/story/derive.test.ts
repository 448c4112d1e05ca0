import { describe, expect, it } from "vitest";

import type { Event } from "../api/types";
import { currentDeliveries, currentRuns, derive, secondsLeft, standingRun, type StepName, type Story } from "./derive";
import { headline } from "./headline";
import { stepWords } from "./stepWords";

type Fields = Record<string, unknown>;

/** A log that is written step by step, a second apart. */
class Log {
  readonly events: Event[] = [];

  add(type: string, fields: Fields = {}): this {
    const seq = this.events.length + 1;
    this.events.push({ seq, at: new Date(Date.UTC(2026, 10, 24, 9, 0, seq)).toISOString(), type, service: "test", study: "1.2.3", key: "", fields, words: "" });
    return this;
  }
  images(n: number, way = "c-store"): this {
    for (let number = 1; number <= n; number += 1) this.add("instance.stored", { series: "1.2.3.1", number, way });
    return this;
  }
  complete(generation = 1): this {
    return this.add("study.complete", { generation, series: 1, instances: 3, clue: "quiet", reason: "quiet for 5 s", waited_s: 5 });
  }
  matched(job: string, generation = 1): this {
    return this.add("rule.matched", { rule: "brain-t1", reason: "Modality is MR", generation, jobs: [job] }).add("job.queued", { job, queue: "pipeline/brain" });
  }
  started(job: string, attempt = 1): this {
    return this.add("job.started", { job, queue: "pipeline/brain", worker: "w1", attempt, waited_s: 0.5 });
  }
  stored(job: string, sendTo: string[], generation = 1): this {
    return this.add("results.stored", { job, pipeline: "brain", version: "1", generation, instances: ["a", "b"], send_to: sendTo, findings: { volumes: [] } })
      .add("job.finished", { job, queue: "pipeline/brain", attempt: 1, seconds: 8 });
  }
  exported(job: string, of: string, destination = "archive"): this {
    return this.add("job.queued", { job, queue: `export/${destination}` })
      .add("export.queued", { destination, job, instances: 2, result_of: of })
      .add("job.started", { job, queue: `export/${destination}`, worker: "x", attempt: 1 });
  }
  confirmed(job: string, destination = "archive"): this {
    return this.add("export.sent", { destination, job, instances: 2, seconds: 0.3 })
      .add("export.confirmed", { destination, job, found: 2 })
      .add("job.finished", { job, queue: `export/${destination}`, seconds: 0.4 });
  }
  get story(): Story {
    return derive(this.events);
  }
}

const whole = () => new Log().images(3).complete().matched("j1").started("j1").stored("j1", ["archive"]).exported("x1", "j1").confirmed("x1");

const statusOf = (story: Story, name: StepName) => story.steps.find((step) => step.name === name)?.status;
const statuses = (story: Story) => story.steps.map((step) => step.status).join(" ");

describe("a study that an archive was asked for", () => {
  const asked = () => new Log().add("prior.requested", { job: "j9", archive: "pacs", for: "1.2.9" });
  const arrived = () => asked().images(3).add("prior.arrived", { job: "j9", archive: "pacs", for: "1.2.9", instances: 3, error: "" });

  it("is a prior, and nothing else is done about it", () => {
    const story = arrived().story;
    expect(story.phase).toBe("prior");
    expect(story.askedFor).toMatchObject({ archive: "pacs", later: "1.2.9", here: true });
    expect(statuses(story)).toBe("done skipped skipped skipped skipped skipped skipped");
    expect(headline(story, "", 0)).toMatchObject({ tone: "quiet", words: "Prior for comparison", detail: "fetched from pacs" });
  });

  it("arrives until the archive has sent it, and when somebody sends it after all", () => {
    expect(headline(asked().images(1).story, "", 0).words).toBe("Arriving");
    expect(headline(arrived().images(1).story, "quiet for 1 of 5 s", 0).words).toBe("Arriving");
  });

  it("is analysed like any other once it was sent", () => {
    expect(arrived().images(3).complete().matched("j1").story.phase).toBe("queued");
    expect(whole().add("prior.requested", { archive: "pacs", for: "1.2.9" }).story.phase).toBe("archived");
  });
});

describe("a study on its way", () => {
  it("is arriving until it is complete", () => {
    const story = new Log().images(2).story;
    expect(story.phase).toBe("arriving");
    expect(statuses(story)).toBe("active active todo todo todo todo todo");
  });

  it("is complete while no rule has spoken", () => {
    const story = new Log().images(3).complete().story;
    expect(story.phase).toBe("complete");
    expect(story.completion).toMatchObject({ clue: "quiet", reason: "quiet for 5 s", generation: 1 });
    expect(statusOf(story, "decided")).toBe("active");
  });

  it("is unmatched when every rule declined, and needs no further step", () => {
    const story = new Log().images(3).complete().add("rule.skipped", { rule: "brain-t1", reason: "BodyPart is KNEE", generation: 1 }).story;
    expect(story.phase).toBe("unmatched");
    expect(statuses(story)).toBe("done done done skipped skipped skipped skipped");
    expect(story.decisions).toEqual([expect.objectContaining({ rule: "brain-t1", matched: false, reason: "BodyPart is KNEE" })]);
  });

  it("waits in the queue after a match", () => {
    const story = new Log().images(3).complete().matched("j1").story;
    expect(story.phase).toBe("queued");
    expect(statusOf(story, "queued")).toBe("active");
  });

  it("counts as queued between the match and the job's own event", () => {
    expect(new Log().complete().add("rule.matched", { rule: "r", generation: 1, jobs: ["j1"] }).story.phase).toBe("queued");
  });

  it("tells the step and the fraction of a run", () => {
    const story = new Log().complete().matched("j1").started("j1").add("job.progress", { job: "j1", fraction: 0.4, step: "segmenting" }).story;
    expect(story.phase).toBe("analysing");
    expect(currentRuns(story)[0]).toMatchObject({ fraction: 0.4, step: "segmenting", worker: "w1", waitedS: 0.5, pipeline: "brain" });
  });

  it("is sending from the moment that results are to go somewhere, before the delivery is queued", () => {
    const story = new Log().complete().matched("j1").started("j1").stored("j1", ["archive"]).story;
    expect(story.phase).toBe("sending");
    expect(currentDeliveries(story)).toEqual([expect.objectContaining({ destination: "archive", state: "waiting" })]);
    expect(statusOf(story, "analysed")).toBe("done");
    expect(statusOf(story, "sent")).toBe("active");
  });

  it("has its results in the archive when the archive lists them", () => {
    const story = whole().story;
    expect(story.phase).toBe("archived");
    expect(statuses(story)).toBe("done done done done done done done");
    expect(currentDeliveries(story)).toEqual([expect.objectContaining({ state: "confirmed", found: 2, resultOf: "j1" })]);
  });

  it("is not in the archive while one of two destinations has not confirmed", () => {
    const story = new Log().complete().matched("j1").started("j1").stored("j1", ["archive", "research"]).exported("x1", "j1").confirmed("x1").story;
    expect(story.phase).toBe("sending");
    expect(statusOf(story, "sent")).toBe("active");
    expect(statusOf(story, "confirmed")).toBe("todo");
  });

  it("keeps its results here where the rule names no destination", () => {
    const story = new Log().complete().matched("j1").started("j1").stored("j1", []).story;
    expect(story.phase).toBe("analysed");
    expect(statusOf(story, "sent")).toBe("skipped");
  });

  it("is refused when the pipeline says so, also after the job's own end", () => {
    const story = new Log().complete().matched("j1").started("j1").add("results.refused", { job: "j1", pipeline: "brain", generation: 1, reason: "not a brain" })
      .add("job.finished", { job: "j1", queue: "pipeline/brain", seconds: 3 }).story;
    expect(story.phase).toBe("refused");
    expect(currentRuns(story)[0]).toMatchObject({ state: "refused", reason: "not a brain" });
    expect(statusOf(story, "confirmed")).toBe("skipped");
  });
});

describe("failures", () => {
  const failing = () => new Log().complete().matched("j1").started("j1").add("job.retrying", { job: "j1", queue: "pipeline/brain", attempt: 1, error: "out of memory", due: "2026-11-24T10:00:00Z" });

  it("shows that a failed run will be tried again, and why it failed", () => {
    const story = failing().story;
    expect(story.phase).toBe("retrying");
    expect(currentRuns(story)[0]).toMatchObject({ error: "out of memory", due: "2026-11-24T10:00:00Z", attempt: 1 });
    expect(statusOf(story, "analysed")).toBe("active");
  });

  it("forgets the error when the next try runs", () => {
    const story = failing().started("j1", 2).story;
    expect(story.phase).toBe("analysing");
    expect(currentRuns(story)[0]).toMatchObject({ error: "", attempt: 2, fraction: 0 });
  });

  it("has failed when the job is dead, with the pipeline's last words", () => {
    const story = failing().started("j1", 2).add("job.dead", { job: "j1", queue: "pipeline/brain", attempt: 2, error: "out of memory", last_words: "bad_alloc" }).story;
    expect(story.phase).toBe("failed");
    expect(currentRuns(story)[0]).toMatchObject({ state: "dead", lastWords: "bad_alloc" });
    expect(statuses(story)).toBe("done done done done failed todo todo");
  });

  it("waits again after somebody revived the dead job", () => {
    const log = failing().add("job.dead", { job: "j1", queue: "pipeline/brain", attempt: 1, error: "e", last_words: "w" }).add("job.revived", { job: "j1", queue: "pipeline/brain" });
    expect(log.story.phase).toBe("queued");
    expect(currentRuns(log.story)[0]).toMatchObject({ error: "", lastWords: "" });
    expect(statuses(log.story)).toBe("done done done active todo todo todo");
  });

  it("waits again when a worker that shut down gave the job back", () => {
    expect(new Log().complete().matched("j1").started("j1").add("job.released", { job: "j1", queue: "pipeline/brain", attempt: 1 }).story.phase).toBe("queued");
  });

  it("is still sending while an export is retried, with the destination's error", () => {
    const story = new Log().complete().matched("j1").started("j1").stored("j1", ["archive"]).exported("x1", "j1")
      .add("export.failed", { destination: "archive", job: "x1", error: "connection refused", attempt: 1 })
      .add("job.retrying", { job: "x1", queue: "export/archive", attempt: 1, error: "connection refused", due: "2026-11-24T10:00:00Z" }).story;
    expect(story.phase).toBe("sending");
    expect(currentDeliveries(story)[0]).toMatchObject({ state: "retrying", error: "connection refused" });
  });

  it("is undelivered when the export was given up, and in the archive once it was sent again", () => {
    const log = new Log().complete().matched("j1").started("j1").stored("j1", ["archive"]).exported("x1", "j1")
      .add("export.failed", { destination: "archive", job: "x1", error: "connection refused", attempt: 12 })
      .add("job.dead", { job: "x1", queue: "export/archive", attempt: 12, error: "connection refused", last_words: "" });
    expect(log.story.phase).toBe("undelivered");
    expect(statusOf(log.story, "sent")).toBe("failed");
    expect(log.add("job.revived", { job: "x1", queue: "export/archive" }).confirmed("x1").story.phase).toBe("archived");
  });

  it("shows what runs before what failed", () => {
    const log = new Log().complete().matched("j1").matched("j2").started("j1").add("job.dead", { job: "j1", queue: "pipeline/brain", attempt: 3, error: "e" }).started("j2");
    expect(log.story.phase).toBe("analysing");
    expect(log.stored("j2", []).story.phase).toBe("failed");
  });

  it("is cancelled when its only job was", () => {
    expect(new Log().complete().matched("j1").add("job.cancelled", { job: "j1", queue: "pipeline/brain" }).story.phase).toBe("cancelled");
  });
});

describe("a second run of the same pipeline", () => {
  it("that is stopped leaves the step done, with the first run's words", () => {
    const story = new Log().complete().matched("j1").started("j1").stored("j1", []).add("job.queued", { job: "j2", queue: "pipeline/brain" }).started("j2")
      .add("job.cancelled", { job: "j2", queue: "pipeline/brain" }).story;
    const analysed = story.steps.find((one) => one.name === "analysed")!;
    expect(analysed.status).toBe("done");
    expect(stepWords(story, analysed, { images: 3, waitingFor: "", headline: headline(story, "", 0) })).toHaveLength(1);
  });
});

describe("images that come late", () => {
  const late = () => whole().images(1).add("study.late", { generation: 1, instances: 4 });

  it("make the study arrive again, while the old result stands", () => {
    const story = late().story;
    expect(story.phase).toBe("arriving");
    expect(story.late).toBe(true);
    expect(story.generation).toBe(2);
    expect(standingRun(story)).toMatchObject({ job: "j1", superseded: false });
  });

  it("lead to a second generation whose result supersedes the first", () => {
    const story = late().complete(2).matched("j2", 2).started("j2").stored("j2", ["archive"], 2).story;
    expect(story.generation).toBe(2);
    expect(story.runs.map((run) => [run.job, run.generation, run.superseded])).toEqual([["j1", 1, true], ["j2", 2, false]]);
    expect(standingRun(story)?.job).toBe("j2");
    expect([...story.supersededSeqs]).toEqual([late().events.find((event) => event.type === "results.stored")!.seq]);
  });

  it("do not let the first generation's delivery count for the second", () => {
    const story = late().complete(2).matched("j2", 2).started("j2").stored("j2", ["archive"], 2).story;
    expect(story.phase).toBe("sending");
    expect(statusOf(story, "confirmed")).toBe("todo");
    expect(late().complete(2).matched("j2", 2).started("j2").stored("j2", ["archive"], 2).exported("x2", "j2").confirmed("x2").story.phase).toBe("archived");
  });

  it("leave the old result standing when the second run fails", () => {
    const story = late().complete(2).matched("j2", 2).started("j2").add("job.dead", { job: "j2", queue: "pipeline/brain", attempt: 1, error: "e" }).story;
    expect(story.phase).toBe("failed");
    expect(standingRun(story)?.job).toBe("j1");
  });
});

describe("the log as it comes", () => {
  const full = whole().images(1).add("study.late", { generation: 1 }).complete(2).matched("j2", 2).started("j2")
    .add("job.progress", { job: "j2", fraction: 0.5, step: "segmenting" }).stored("j2", ["archive"], 2).exported("x2", "j2").confirmed("x2").events;

  it("means the same in any order, and however often it is told", () => {
    const expected = derive(full);
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round += 1) {
      const shuffled = [...full, ...full.filter(() => random() < 0.3)].map((event) => [random(), event] as const).sort((a, b) => a[0] - b[0]).map(([, event]) => event);
      expect(derive(shuffled)).toEqual(expected);
    }
  });

  it("means something at every moment", () => {
    for (let length = 0; length <= full.length; length += 1) {
      const story = derive(full.slice(0, length));
      expect(story.steps).toHaveLength(7);
      expect(story.phase).not.toBe("");
    }
  });

  it("never goes back from a step that is done, within a generation", () => {
    const rank = { todo: 0, skipped: 0, active: 1, failed: 2, done: 2 };
    const first = whole().events;
    let before = derive([]).steps;
    for (let length = 1; length <= first.length; length += 1) {
      const { steps } = derive(first.slice(0, length));
      steps.forEach((step, index) => expect(rank[step.status]).toBeGreaterThanOrEqual(rank[before[index]!.status]));
      before = steps;
    }
  });

  it("survives fields that are missing or of another kind", () => {
    const odd = new Log().add("study.complete").add("rule.matched", { jobs: 3 }).add("job.started", { job: 17, attempt: "two" }).add("results.stored", { send_to: "archive", findings: null })
      .add("export.sent", {}).add("device.moved", { by: "itself" }).add("nonsense");
    expect(() => odd.story).not.toThrow();
  });
});

describe("time left", () => {
  const running = () => currentRuns(new Log().complete().matched("j1").started("j1").add("job.progress", { job: "j1", fraction: 0.25, step: "s" }).story)[0]!;

  it("follows from the pace so far", () => {
    expect(secondsLeft(running(), Date.parse(running().startedAt) + 10_000)).toBe(30);
  });

  it("is not guessed at the very beginning, nor from a clock that is behind", () => {
    expect(secondsLeft({ ...running(), fraction: 0.01 }, Date.parse(running().startedAt) + 10_000)).toBeUndefined();
    expect(secondsLeft(running(), Date.parse(running().startedAt) - 5000)).toBeUndefined();
  });
});
