/** The seven steps of a study's way, from what is known of its events. */
import type { AskedFor, Completion, Decision, Delivery, Run, Step, StepName, StepStatus } from "./derive";

const latest = (times: string[]): string => times.reduce((a, b) => (b > a ? b : a), "");

/** Nothing is left to come, and nothing went wrong. */
export const isThrough = (steps: Step[]): boolean => steps.every((one) => one.status === "done" || one.status === "skipped");

const step = (name: StepName, status: StepStatus, at = ""): Step => ({ name, status, at });

/** Of a study that was only asked for: it is here, and nothing else is done about it. */
export const priorSteps = (askedFor: AskedFor, at: string): Step[] => [
  step("received", askedFor.here ? "done" : "active", at),
  ...(["complete", "decided", "queued", "analysed", "sent", "confirmed"] as const).map((name) => step(name, "skipped")),
];

/** `at`: of the first event. `completion`: none while images are coming. */
export function stepsOf(at: string, completion: Completion | undefined, decisions: Decision[], runs: Run[], deliveries: Delivery[]): Step[] {
  const matched = decisions.some((decision) => decision.matched);
  const steps = [
    step("received", completion ? "done" : "active", at),
    step("complete", completion ? "done" : "active", completion?.at),
  ];
  const idle = completion !== undefined && decisions.length > 0 && !matched && runs.length === 0;
  steps.push(step("decided", decisions.length > 0 || runs.length > 0 ? "done" : completion ? "active" : "todo", latest(decisions.map((d) => d.at))));
  if (idle) return [...steps, step("queued", "skipped"), step("analysed", "skipped"), step("sent", "skipped"), step("confirmed", "skipped")];

  const waiting = runs.some((run) => run.state === "waiting") || (runs.length === 0 && matched);
  steps.push(step("queued", waiting ? "active" : runs.length > 0 ? "done" : "todo", latest(runs.map((run) => run.queuedAt))));

  const over = runs.length > 0 && runs.every((run) => ["done", "refused", "dead", "cancelled"].includes(run.state));
  const found = runs.some((run) => run.state === "done");
  // Who stops a second run does not undo the first.
  const stopped = (run: Run) => run.state === "cancelled" && !runs.some((one) => one.state === "done" && one.pipeline === run.pipeline);
  const failed = runs.some((run) => run.state === "dead" || stopped(run));
  const running = runs.some((run) => run.state === "running" || run.state === "retrying");
  steps.push(step("analysed", running ? "active" : over ? (failed ? "failed" : "done") : "todo",
    latest(runs.map((run) => (over ? run.endedAt : run.startedAt)))));

  const nothingToSend = over && deliveries.length === 0;
  const dead = deliveries.some((one) => one.state === "dead");
  const allSent = deliveries.length > 0 && deliveries.every((one) => one.sentAt !== "" && one.state !== "dead");
  const allConfirmed = deliveries.length > 0 && deliveries.every((one) => one.state === "confirmed");
  const skipped: StepStatus = failed && !found ? "todo" : "skipped";
  steps.push(step("sent", nothingToSend ? skipped : dead ? "failed" : allSent ? "done" : deliveries.length > 0 ? "active" : "todo",
    latest(deliveries.map((one) => one.sentAt))));
  steps.push(step("confirmed", nothingToSend ? skipped : allConfirmed ? "done" : allSent ? "active" : "todo",
    latest(deliveries.map((one) => one.confirmedAt))));
  return steps;
}
