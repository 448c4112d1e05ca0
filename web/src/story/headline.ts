/** The state of a study in a few words, with the tone that colours it. */
import { text } from "../text";
import { currentDeliveries, currentRuns, secondsLeft, type Delivery, type Story } from "./derive";

export type Tone = "quiet" | "busy" | "good" | "warn" | "bad";

export interface Headline {
  tone: Tone;
  words: string;
  /** A second, quieter line: why, or what now. Never empty, so that nothing moves when it comes. */
  detail: string;
  /** 0 to 1 where something runs whose progress is known. */
  fraction?: number;
}

const names = (deliveries: Delivery[]) => [...new Set(deliveries.map((one) => one.destination))].join(text.common.and);

/** `progress`: what the worker said last, newer than the log. */
export function headline(
  story: Story,
  waitingFor: string,
  nowMs: number,
  progress?: { job: string; fraction: number; step: string },
): Headline {
  const words = text.state;
  const runs = currentRuns(story);
  const deliveries = currentDeliveries(story);
  const arriving = (): Headline => ({
    tone: "busy",
    words: story.late ? words.arrivingAgain : words.arriving,
    detail: waitingFor ? words.waitingFor(waitingFor) : words.arrivingHint,
  });
  const of = <T>(all: T[], test: (one: T) => boolean) => all.find(test);
  switch (story.phase) {
    case "arriving":
      return arriving();
    case "prior":
      // Import waits for more of it only where somebody sends it after all.
      if (waitingFor || !story.askedFor!.here) return arriving();
      return { tone: "quiet", words: words.prior, detail: words.priorFrom(story.askedFor!.archive) };
    case "complete":
      return { tone: "quiet", words: words.complete, detail: text.told(story.completion?.reason ?? "") || words.completeHint };
    case "unmatched":
      return { tone: "quiet", words: words.unmatched, detail: words.unmatchedHint };
    case "queued":
      return { tone: "busy", words: words.queued, detail: runs.map((run) => run.pipeline).join(", ") };
    case "analysing": {
      const run = of(runs, (one) => one.state === "running")!;
      const live = progress?.job === run.job ? { ...run, ...progress } : run;
      const left = secondsLeft(live, nowMs);
      return {
        tone: "busy",
        words: words.analysing(live.fraction > 0 ? Math.floor(live.fraction * 100) : undefined),
        detail: [live.step ? words.step(live.step) : run.pipeline, left === undefined ? "" : words.left(left)].filter(Boolean).join(", "),
        fraction: live.fraction,
      };
    }
    case "retrying":
      return { tone: "warn", words: words.retrying, detail: of(runs, (one) => one.state === "retrying")?.error ?? "" };
    case "failed":
      return { tone: "bad", words: words.failed, detail: of(runs, (one) => one.state === "dead")?.error ?? "" };
    case "cancelled":
      return { tone: "quiet", words: words.cancelled, detail: words.cancelledHint };
    case "refused":
      return { tone: "warn", words: words.refused, detail: text.told(of(runs, (one) => one.state === "refused")?.reason ?? "") };
    case "sending": {
      const stuck = of(deliveries, (one) => one.state === "retrying");
      if (stuck) return { tone: "warn", words: words.sendingRetry(stuck.destination), detail: stuck.error };
      return { tone: "busy", words: words.sending(names(deliveries.filter((one) => one.state !== "confirmed"))), detail: words.sendingHint };
    }
    case "undelivered": {
      const dead = of(deliveries, (one) => one.state === "dead");
      return { tone: "bad", words: words.undelivered(dead?.destination ?? ""), detail: dead?.error ?? "" };
    }
    case "archived":
      return { tone: "good", words: words.archived, detail: words.archivedAt(names(deliveries)) };
    case "analysed":
      return { tone: "good", words: words.analysed, detail: words.analysedHint };
  }
}
