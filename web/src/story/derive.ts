/**
 * What the events of a study mean: how far it is, what ran, what came of it, and where it was sent.
 *
 * Pure: the same events give the same story, in whatever order and however often they come. No clock: where the time of now
 * matters (time left), it is passed in.
 */
import type { Event } from "../api/types";
import { priorSteps, stepsOf } from "./steps";

export type Phase =
  | "arriving" // images are still coming
  | "prior" // an archive was asked for it, to compare a later study with it; nothing else is done about it
  | "complete" // and nothing is decided yet
  | "unmatched" // no rule wanted it
  | "queued"
  | "analysing"
  | "retrying" // a run failed and waits for its next try
  | "failed" // a run failed for good
  | "cancelled"
  | "refused" // the pipeline says that this study is not for it
  | "sending"
  | "undelivered" // a destination could not be reached, and it was given up
  | "archived" // every destination lists the results
  | "analysed"; // results are here, and are to be sent nowhere

export type RunState = "waiting" | "running" | "retrying" | "dead" | "cancelled" | "refused" | "done";

export interface Run {
  job: string;
  pipeline: string;
  version: string;
  generation: number;
  state: RunState;
  attempt: number;
  worker: string;
  waitedS?: number;
  seconds?: number;
  fraction: number;
  step: string;
  error: string;
  lastWords: string;
  due: string;
  queuedAt: string;
  startedAt: string;
  endedAt: string;
  /** Why the pipeline refused. */
  reason: string;
  findings?: Record<string, unknown>;
  sendTo: string[];
  /** A later generation of the study has a result of its own. */
  superseded: boolean;
}

export type DeliveryState = "waiting" | "running" | "retrying" | "dead" | "sent" | "confirmed";

export interface Delivery {
  destination: string;
  job: string;
  /** The job whose result is sent; empty where a person asked for it. */
  resultOf: string;
  generation: number;
  state: DeliveryState;
  error: string;
  attempt: number;
  due: string;
  instances: number;
  found: number;
  queuedAt: string;
  sentAt: string;
  confirmedAt: string;
}

export interface Decision {
  rule: string;
  matched: boolean;
  reason: string;
  generation: number;
  at: string;
}

export interface Completion {
  generation: number;
  clue: string;
  reason: string;
  waitedS?: number;
  series: number;
  instances: number;
  at: string;
}

/** An archive was asked for the study because a later one is to be compared with it. */
export interface AskedFor {
  archive: string;
  /** The later study. */
  later: string;
  /** Whether what was asked for is here, as far as it came. */
  here: boolean;
  error: string;
}

export type StepName = "received" | "complete" | "decided" | "queued" | "analysed" | "sent" | "confirmed";
export type StepStatus = "todo" | "active" | "done" | "failed" | "skipped";

export interface Step {
  name: StepName;
  status: StepStatus;
  at: string;
}

export interface Story {
  phase: Phase;
  /** The generation that counts now: 2 and more where images came after the study was complete. */
  generation: number;
  completion?: Completion;
  /** Of a study that nobody sent. */
  askedFor?: AskedFor;
  /** Images came after the study was complete, and it is not complete again yet. */
  late: boolean;
  decisions: Decision[];
  runs: Run[];
  deliveries: Delivery[];
  steps: Step[];
  /** Numbers of events whose results a later generation replaced. */
  supersededSeqs: Set<number>;
  firstAt: string;
  newest: number;
}

const words = (value: unknown): string => (typeof value === "string" ? value : value === undefined || value === null ? "" : String(value));
const amount = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(words) : []);

/** In order, each once. */
export function ordered(events: readonly Event[]): Event[] {
  const bySeq = new Map<number, Event>();
  for (const event of events) bySeq.set(event.seq, event);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** "pipeline/brain" and "export/archive" tell what a job is. */
export function queueParts(queue: string): { kind: string; name: string } {
  const slash = queue.indexOf("/");
  return slash < 0 ? { kind: "", name: queue } : { kind: queue.slice(0, slash), name: queue.slice(slash + 1) };
}

class Builder {
  completions: Completion[] = [];
  askedFor: AskedFor | undefined;
  late = false;
  decisions: Decision[] = [];
  runs = new Map<string, Run>();
  deliveries = new Map<string, Delivery>();
  generationOfJob = new Map<string, number>();
  queueOfJob = new Map<string, string>();
  resultSeq = new Map<string, number>();
  firstAt = "";
  newest = 0;

  get generation(): number {
    return this.completions.at(-1)?.generation ?? 0;
  }

  /** The generation that an event belongs to which does not say so. */
  private current(): number {
    return Math.max(1, this.generation);
  }

  run(job: string, queue = ""): Run {
    let run = this.runs.get(job);
    if (!run) {
      run = {
        job, pipeline: "", version: "", generation: this.generationOfJob.get(job) ?? this.current(), state: "waiting", attempt: 0,
        worker: "", fraction: 0, step: "", error: "", lastWords: "", due: "", queuedAt: "", startedAt: "", endedAt: "", reason: "",
        sendTo: [], superseded: false,
      };
      this.runs.set(job, run);
    }
    if (queue) run.pipeline = queueParts(queue).name;
    return run;
  }

  delivery(job: string, destination = ""): Delivery {
    let delivery = this.deliveries.get(job);
    if (!delivery) {
      delivery = {
        destination, job, resultOf: "", generation: this.current(), state: "waiting", error: "", attempt: 0, due: "",
        instances: 0, found: 0, queuedAt: "", sentAt: "", confirmedAt: "",
      };
      this.deliveries.set(job, delivery);
    }
    if (destination) delivery.destination = destination;
    return delivery;
  }

  add(event: Event): void {
    this.firstAt ||= event.at;
    this.newest = event.seq;
    const family = event.type.slice(0, event.type.indexOf("."));
    const f = event.fields;
    if (family === "study") this.study(event, f);
    else if (family === "prior") this.prior(event, f);
    else if (family === "rule") this.rule(event, f);
    else if (family === "job") this.job(event, f);
    else if (family === "results") this.results(event, f);
    else if (family === "export") this.export(event, f);
  }

  private study(event: Event, f: Event["fields"]): void {
    if (event.type === "study.complete") {
      this.late = false;
      this.completions.push({
        generation: amount(f.generation) ?? this.generation + 1,
        clue: words(f.clue),
        reason: words(f.reason),
        waitedS: amount(f.waited_s),
        series: amount(f.series) ?? 0,
        instances: amount(f.instances) ?? 0,
        at: event.at,
      });
    } else if (event.type === "study.late") {
      this.late = this.generation > 0;
    }
  }

  /** The other two of the family tell what the study at hand was compared with. */
  private prior(event: Event, f: Event["fields"]): void {
    if (event.type !== "prior.requested" && event.type !== "prior.arrived") return;
    this.askedFor = { archive: words(f.archive), later: words(f.for), here: event.type === "prior.arrived", error: words(f.error) };
  }

  private rule(event: Event, f: Event["fields"]): void {
    const generation = amount(f.generation) ?? this.current();
    const matched = event.type === "rule.matched";
    this.decisions.push({ rule: words(f.rule), matched, reason: words(f.reason), generation, at: event.at });
    for (const job of list(f.jobs)) {
      this.generationOfJob.set(job, generation);
      const run = this.runs.get(job);
      if (run) run.generation = generation;
    }
  }

  private job(event: Event, f: Event["fields"]): void {
    const job = words(f.job);
    const queue = words(f.queue) || this.queueOfJob.get(job) || "";
    this.queueOfJob.set(job, queue);
    const { kind, name } = queueParts(queue);
    if (kind === "export") this.deliveryJob(event, this.delivery(job, name), f);
    else this.runJob(event, this.run(job, queue), f);
  }

  private runJob(event: Event, run: Run, f: Event["fields"]): void {
    run.attempt = amount(f.attempt) ?? run.attempt;
    switch (event.type) {
      case "job.queued":
        run.queuedAt = event.at;
        break;
      case "job.started":
        Object.assign(run, { state: "running", worker: words(f.worker), waitedS: amount(f.waited_s), startedAt: event.at, fraction: 0,
          step: "", error: "", due: "", endedAt: "" });
        break;
      case "job.progress":
        run.fraction = amount(f.fraction) ?? run.fraction;
        run.step = words(f.step) || run.step;
        break;
      case "job.retrying":
        Object.assign(run, { state: "retrying", error: words(f.error), due: words(f.due), endedAt: event.at });
        break;
      case "job.finished":
        if (run.state !== "refused") run.state = "done";
        Object.assign(run, { seconds: amount(f.seconds), endedAt: event.at, fraction: 1 });
        break;
      case "job.dead":
        Object.assign(run, { state: "dead", error: words(f.error), lastWords: words(f.last_words), endedAt: event.at });
        break;
      case "job.cancelled":
        Object.assign(run, { state: "cancelled", endedAt: event.at });
        break;
      case "job.released":
      case "job.revived":
        Object.assign(run, { state: "waiting", error: "", lastWords: "", due: "", fraction: 0, step: "", endedAt: "" });
        break;
    }
  }

  private deliveryJob(event: Event, delivery: Delivery, f: Event["fields"]): void {
    delivery.attempt = amount(f.attempt) ?? delivery.attempt;
    if (delivery.state === "confirmed") return;
    switch (event.type) {
      case "job.queued":
        delivery.queuedAt ||= event.at;
        break;
      case "job.started":
        if (delivery.state !== "sent") delivery.state = "running";
        break;
      case "job.retrying":
        Object.assign(delivery, { state: "retrying", error: words(f.error), due: words(f.due) });
        break;
      case "job.dead":
      case "job.cancelled":
        Object.assign(delivery, { state: "dead", error: words(f.error) });
        break;
      case "job.released":
      case "job.revived":
        Object.assign(delivery, { state: "waiting", error: "", due: "" });
        break;
      case "job.finished":
        if (delivery.state !== "dead") delivery.state = "sent";
        delivery.sentAt ||= event.at;
        break;
    }
  }

  private results(event: Event, f: Event["fields"]): void {
    const run = this.run(words(f.job));
    run.pipeline = words(f.pipeline) || run.pipeline;
    run.version = words(f.version) || run.version;
    run.generation = amount(f.generation) ?? run.generation;
    this.resultSeq.set(run.job, event.seq);
    if (event.type === "results.refused") {
      Object.assign(run, { state: "refused", reason: words(f.reason), endedAt: run.endedAt || event.at });
    } else if (event.type === "results.stored") {
      run.findings = (f.findings ?? {}) as Record<string, unknown>;
      run.sendTo = list(f.send_to);
      run.state = "done";
      run.endedAt ||= event.at;
    }
  }

  private export(event: Event, f: Event["fields"]): void {
    const delivery = this.delivery(words(f.job), words(f.destination));
    const instances = Array.isArray(f.instances) ? f.instances.length : amount(f.instances);
    delivery.instances = instances ?? delivery.instances;
    switch (event.type) {
      case "export.queued":
        delivery.queuedAt ||= event.at;
        delivery.resultOf = words(f.result_of) || delivery.resultOf;
        break;
      case "export.sent":
        Object.assign(delivery, { state: delivery.state === "confirmed" ? "confirmed" : "sent", sentAt: event.at, error: "" });
        break;
      case "export.confirmed":
        Object.assign(delivery, { state: "confirmed", confirmedAt: event.at, found: amount(f.found) ?? list(f.found).length, error: "" });
        delivery.sentAt ||= event.at;
        break;
      case "export.failed":
        delivery.error = words(f.error);
        delivery.attempt = amount(f.attempt) ?? delivery.attempt;
        if (delivery.state !== "dead") delivery.state = "retrying";
        break;
    }
  }
}

function markSuperseded(builder: Builder): Set<number> {
  const seqs = new Set<number>();
  const newestResult = new Map<string, number>();
  for (const run of builder.runs.values())
    if (builder.resultSeq.has(run.job))
      newestResult.set(run.pipeline, Math.max(newestResult.get(run.pipeline) ?? 0, run.generation));
  for (const run of builder.runs.values()) {
    run.superseded = builder.resultSeq.has(run.job) && run.generation < (newestResult.get(run.pipeline) ?? 0);
    if (run.superseded) seqs.add(builder.resultSeq.get(run.job)!);
  }
  return seqs;
}

/** A result that is to be sent somewhere, and whose delivery is not queued yet, is a delivery that waits. */
function expectedDeliveries(builder: Builder): Delivery[] {
  const all = [...builder.deliveries.values()];
  for (const delivery of all) {
    const run = builder.runs.get(delivery.resultOf);
    if (run) delivery.generation = run.generation;
  }
  for (const run of builder.runs.values())
    for (const destination of run.sendTo)
      if (!all.some((one) => one.destination === destination && (one.resultOf === run.job || one.resultOf === "")))
        all.push({
          destination, job: "", resultOf: run.job, generation: run.generation, state: "waiting", error: "", attempt: 0, due: "",
          instances: 0, found: 0, queuedAt: "", sentAt: "", confirmedAt: "",
        });
  return all;
}

function phaseOf(arriving: boolean, decisions: Decision[], runs: Run[], deliveries: Delivery[]): Phase {
  if (arriving) return "arriving";
  if (runs.length === 0) {
    if (decisions.length === 0) return "complete";
    return decisions.some((decision) => decision.matched) ? "queued" : "unmatched";
  }
  const has = (state: RunState) => runs.some((run) => run.state === state);
  if (has("running")) return "analysing";
  if (has("waiting")) return "queued";
  if (has("retrying")) return "retrying";
  if (has("dead")) return "failed";
  const delivered = (state: DeliveryState) => deliveries.some((one) => one.state === state);
  if (delivered("dead")) return "undelivered";
  if (deliveries.some((one) => one.state !== "confirmed")) return "sending";
  if (deliveries.length > 0) return "archived";
  if (has("done")) return "analysed";
  return has("refused") ? "refused" : "cancelled";
}

/** The log alone decides; what import says about arrivals is only shown beside it, since it is asked by the clock and may lag. */
export function derive(events: readonly Event[]): Story {
  const builder = new Builder();
  for (const event of ordered(events)) builder.add(event);
  const supersededSeqs = markSuperseded(builder);

  const askedFor = builder.completions.length === 0 ? builder.askedFor : undefined;
  const arriving = builder.completions.length === 0 || builder.late;
  const again = arriving && builder.generation > 0;
  const generation = again ? builder.generation + 1 : Math.max(1, builder.generation);
  const allDeliveries = expectedDeliveries(builder);
  const decisions = builder.decisions.filter((one) => one.generation === generation);
  const runs = [...builder.runs.values()];
  const currentRuns = runs.filter((run) => run.generation === generation);
  const deliveries = allDeliveries.filter((one) => one.generation === generation);

  return {
    phase: askedFor ? "prior" : phaseOf(arriving, decisions, currentRuns, deliveries),
    generation,
    completion: builder.completions.at(-1),
    askedFor,
    late: again,
    decisions,
    runs,
    deliveries: allDeliveries,
    steps: askedFor ? priorSteps(askedFor, builder.firstAt) : stepsOf(builder.firstAt, arriving ? undefined : builder.completions.at(-1), decisions, currentRuns, deliveries),
    supersededSeqs,
    firstAt: builder.firstAt,
    newest: builder.newest,
  };
}

const known = new WeakMap<readonly Event[], Story>();

/** `derive`, once for each list of events. */
export function storyOf(events: readonly Event[]): Story {
  const story = known.get(events) ?? derive(events);
  known.set(events, story);
  return story;
}

export const currentRuns = (story: Story): Run[] => story.runs.filter((run) => run.generation === story.generation);

export const currentDeliveries = (story: Story): Delivery[] =>
  story.deliveries.filter((one) => one.generation === story.generation);

/** The run whose result stands: the newest that has findings. */
export function standingRun(story: Story): Run | undefined {
  return story.runs
    .filter((run) => run.findings !== undefined && !run.superseded)
    .sort((a, b) => b.generation - a.generation || (b.endedAt > a.endedAt ? 1 : -1))[0];
}

/** Seconds until the run ends at the pace so far; nothing while too little is known to say. */
export function secondsLeft(run: Pick<Run, "state" | "fraction" | "startedAt">, nowMs: number): number | undefined {
  if (run.state !== "running" || run.fraction < 0.05 || run.startedAt === "") return undefined;
  const elapsed = (nowMs - Date.parse(run.startedAt)) / 1000;
  if (!(elapsed > 0)) return undefined;
  return Math.max(1, Math.round((elapsed * (1 - run.fraction)) / run.fraction));
}
