/** What each step of the way says beneath its name. */
import { clockTime } from "../format/time";
import { text } from "../text";
import { currentDeliveries, currentRuns, type Step, type Story } from "./derive";
import type { Headline } from "./headline";

interface Now {
  images: number;
  waitingFor: string;
  headline: Headline;
}

const unique = (all: string[]) => [...new Set(all.filter(Boolean))];
const join = (parts: (string | undefined)[]) => unique(parts.map((part) => part ?? "")).join(", ");

const WORDS: Record<Step["name"], (story: Story, step: Step, now: Now) => string[]> = {
  // Of a study that is complete, the images that came; what Larmor made of them is in the study too.
  received: (story, step, now) =>
    step.status === "active" ? [text.study.receiving(now.images)] : [text.study.received(story.completion?.instances || now.images)],
  complete: (story, step, now) =>
    step.status === "done"
      ? [text.study.clue(story.completion?.clue ?? ""), text.told(story.completion?.reason ?? "")]
      : [now.waitingFor ? text.state.waitingFor(now.waitingFor) : ""],
  decided: (story, step) => {
    if (step.status !== "done") return [];
    const matched = story.decisions.filter((one) => one.matched);
    return matched.length > 0 ? matched.map((one) => text.study.matched(one.rule, one.reason)) : story.decisions.length > 0 ? [text.study.unmatched] : [];
  },
  queued: (story, step) => {
    if (step.status === "active") return [text.state.queued];
    const waited = currentRuns(story).map((run) => run.waitedS).filter((s) => s !== undefined);
    return waited.length > 0 ? [text.study.waited(Math.max(...waited))] : [];
  },
  analysed: (story, step, now) => {
    const runs = currentRuns(story);
    if (step.status === "active") {
      const retrying = runs.find((run) => run.state === "retrying");
      if (retrying) return [text.study.attempt(retrying.attempt), retrying.error, retrying.due && text.study.dueAt(clockTime(retrying.due))];
      return [now.headline.words, now.headline.detail];
    }
    if (step.status === "failed") return [join(runs.map((run) => run.error)) || text.state.cancelled];
    if (step.status !== "done") return [];
    return runs.filter((run) => run.state !== "cancelled").map((run) => (run.state === "refused" ? text.state.refusedBecause(run.reason) : text.study.ran(run.pipeline, run.seconds)));
  },
  sent: (story, step) => {
    const deliveries = currentDeliveries(story);
    if (step.status === "skipped") return [currentRuns(story).some((run) => run.state === "done") ? text.study.noDestination : text.study.nothingToSend];
    const trouble = deliveries.find((one) => one.error && one.state !== "confirmed" && one.state !== "sent");
    return [text.study.sentTo(join(deliveries.map((one) => one.destination))), trouble?.error ?? ""].filter((_, index) => index > 0 || deliveries.length > 0);
  },
  confirmed: (story, step) =>
    step.status === "done" ? unique(currentDeliveries(story).map((one) => text.study.confirmedBy(one.destination, one.found))) : [],
};

export const stepWords = (story: Story, step: Step, now: Now): string[] => WORDS[step.name](story, step, now).filter(Boolean);

/** The sentence of an event; a type that is newer than these pages is told in the server's own words. */
export function eventWords(type: string, fields: Record<string, unknown>, told = ""): string {
  const sentence = text.events[type];
  if (sentence) return sentence(fields).replace(/\s+/g, " ").trim();
  return told || type.replaceAll(/[._]/g, " ");
}
