/** Every call that the pages make, one function each. The contract tests in pact/ go through these very functions. */
import { address, call, get } from "./client";
import type { Curves } from "../story/norms";
import type {
  Arrival, Decision, Destination, EchoReport, Event, EventPage, Examination, Job, JobPage, JobState, List,
  NewFeedback, Pipeline, Queue, Result, Rule, Series, Setting, Study, StudyPage, Version, Worker,
} from "./types";

/** Types of events that tell how far a study is; the single instances are left out, they may be thousands. */
export const STEP_TYPES = ["study.", "series.", "prior.", "rule.", "job.", "results.", "export."] as const;

const PAGE = 50;
const EVENTS_PER_CALL = 1000;
const EVENTS_PER_LOOK = 200;
/** A story longer than this is cut, and the page says so. */
export const MOST_EVENTS = 10_000;

const path = (...parts: string[]) => `/v1/${parts.map(encodeURIComponent).join("/")}`;

export interface StudyQuestion {
  /** Words of the name, the ID, the accession number or the description. */
  q: string;
  /** Study dates, YYYYMMDD, both inclusive; empty: unbounded. */
  from: string;
  to: string;
  /** "MR"; empty: any. */
  modality: string;
}

export const studies = (question: StudyQuestion, after: string, signal?: AbortSignal) =>
  get<StudyPage>("/v1/studies", { ...question, after, limit: PAGE }, signal);

export const study = (uid: string, signal?: AbortSignal) => get<Study>(path("studies", uid), {}, signal);

export const series = async (uid: string, signal?: AbortSignal) =>
  (await get<List<Series>>(path("studies", uid, "series"), {}, signal)).items;

export const results = async (uid: string, signal?: AbortSignal) =>
  (await get<List<Result>>(path("studies", uid, "results"), {}, signal)).items;

export const arrivals = async (signal?: AbortSignal) => (await get<List<Arrival>>("/v1/arrivals", {}, signal)).items;

export const workers = async (signal?: AbortSignal) => (await get<List<Worker>>("/v1/workers", {}, signal)).items;

export const version = (signal?: AbortSignal) => get<Version>("/v1/version", {}, signal);

/** Events of a study in order, at most MOST_EVENTS. */
export async function events(uid: string, types: readonly string[], signal?: AbortSignal): Promise<Event[]> {
  const all: Event[] = [];
  let after = 0;
  while (all.length < MOST_EVENTS) {
    const page = await get<EventPage>("/v1/events", { study: uid, type: types, after, limit: EVENTS_PER_CALL }, signal);
    all.push(...page.items);
    const newest = page.items.at(-1)?.seq;
    if (newest === undefined || page.items.length < EVENTS_PER_CALL) break;
    after = newest;
  }
  return all;
}

/** What of the log is asked for; see `GET /v1/events`. */
export interface EventChoice {
  study?: string;
  type: readonly string[];
  /** `NAME:VALUE`. */
  field: readonly string[];
}

/** Events below a number, or the newest; the newest first. */
export const eventsBefore = ({ study, type, field }: EventChoice, before: number | undefined, signal?: AbortSignal) =>
  get<EventPage>("/v1/events", { study, type, field, before, order: "falling", limit: EVENTS_PER_LOOK }, signal);

/** Events above a number, in order. */
export const eventsBehind = ({ study, type, field }: EventChoice, after: number, signal?: AbortSignal) =>
  get<EventPage>("/v1/events", { study, type, field, after, limit: EVENTS_PER_LOOK }, signal);

export const eventStream = ({ study, type, field }: EventChoice, after: number) => address("/v1/events/stream", { study, type, field, after });

export const rules = async (signal?: AbortSignal) => (await get<List<Rule>>("/v1/rules", {}, signal)).items;

/** What the rules in force say about a study as it is now; nothing is done. */
export const decisions = async (uid: string, signal?: AbortSignal) =>
  (await get<List<Decision>>(path("studies", uid, "decisions"), {}, signal)).items;

/** The newest number in the log. */
export const newest = async (after: number, signal?: AbortSignal) =>
  (await get<EventPage>("/v1/events", { after, limit: 1 }, signal)).last;

/** Who opened an association after that event. */
export const greetings = async (after: number, signal?: AbortSignal) =>
  (await get<EventPage>("/v1/events", { type: ["association.opened"], after, limit: EVENTS_PER_CALL }, signal)).items;

export const streamAddress = (after: number) => address("/v1/events/stream", { after });

export const fileAddress = (job: string, file: string) => address(path("results", job, "files", file));

/** The norm over age, as the pipeline left it. */
export const curves = (job: string, signal?: AbortSignal) => get<Curves>(path("results", job, "files", "norms.json"), {}, signal);

export const objectAddress = (instance: string) => address(path("instances", instance, "file"));

/** Jobs, newest first; of one state and queue where they are named. */
export const jobs = (state: JobState | "", queue: string, after: string, signal?: AbortSignal, limit = PAGE) =>
  get<JobPage>("/v1/jobs", { state, queue, after, limit }, signal);

export const queues = async (signal?: AbortSignal) => (await get<List<Queue>>("/v1/queues", {}, signal)).items;

export const destinations = async (signal?: AbortSignal) => (await get<List<Destination>>("/v1/destinations", {}, signal)).items;

export const settings = async (signal?: AbortSignal) => (await get<List<Setting>>("/v1/settings", {}, signal)).items;

/** What would be wrong with these settings, by name; nothing is changed. */
export const checkSettings = async (values: Record<string, string>) => (await (await post("/v1/settings/checks", { values })).json()) as Examination;

/** Looks for what is wrong, now; takes as long as the slowest destination. */
export const examination = (signal?: AbortSignal) => get<Examination>("/v1/examination", {}, signal);

const post = (to: string, body?: unknown) =>
  call(to, {}, {
    method: "POST", body: body === undefined ? undefined : JSON.stringify(body),
    headers: { "idempotency-key": crypto.randomUUID(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
  });

/** Greets a destination now. One that does not answer is an answer too. */
export const echo = async (destination: string): Promise<EchoReport> => (await (await post(path("destinations", destination, "echoes"))).json()) as EchoReport;

/** A paused queue takes jobs and starts none. */
export async function pause(queue: string): Promise<void> {
  await call(path("queues", queue, "pause"), {}, { method: "PUT" });
}

export async function resume(queue: string): Promise<void> {
  await call(path("queues", queue, "pause"), {}, { method: "DELETE" });
}

export async function cancel(job: string): Promise<void> {
  await call(path("jobs", job), {}, { method: "DELETE" });
}

/** A job that was given up waits again. Asked twice, it is done once. */
export async function revive(job: string): Promise<void> {
  await post(path("jobs", job, "revivals"));
}

/** The pipelines that can run. */
export const pipelines = async (signal?: AbortSignal) => (await get<List<Pipeline>>("/v1/pipelines", {}, signal)).items;

/** Analyses a study once more; the results go nowhere. Answers the job. */
export async function analyse(study: string, generation: number, pipeline: string): Promise<string> {
  const job = await post("/v1/jobs", { queue: `pipeline/${pipeline}`, study, arguments: { study, generation, rule: "", send_to: [], priors_from: [] } });
  return ((await job.json()) as Job).id;
}

/** Puts instances of a study into a destination's queue. */
export async function deliver(destination: string, study: string, instances: string[]): Promise<void> {
  await post(path("destinations", destination, "deliveries"), { study, instances });
}

/** What a person says of a result; it is kept in the event log. */
export async function giveFeedback(job: string, feedback: NewFeedback): Promise<void> {
  await post(path("results", job, "feedback"), feedback);
}
