/**
 * What the pages read, and how it stays true: the event stream adds each event to the stories that are open, and marks the
 * lists that it changes as out of date.
 */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";

import * as accounts from "./accounts";
import * as calls from "./calls";
import { Problem } from "./client";
import type { Event, JobState } from "./types";

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // The stream tells what changed; asking again by the clock would only load the server.
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => error instanceof Problem && error.passing && failures < 2,
        retryDelay: (failures) => Math.min(4000, 500 * 2 ** failures),
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });

/** What asks for every study. */
export const EVERYTHING: calls.StudyQuestion = { q: "", from: "", to: "", modality: "" };

export const studiesQuery = (question: calls.StudyQuestion) =>
  infiniteQueryOptions({
    queryKey: ["studies", question],
    queryFn: ({ pageParam, signal }) => calls.studies(question, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });

export const studyQuery = (uid: string) =>
  queryOptions({ queryKey: ["study", uid], queryFn: ({ signal }) => calls.study(uid, signal) });

export const seriesQuery = (uid: string) =>
  queryOptions({ queryKey: ["series", uid], queryFn: ({ signal }) => calls.series(uid, signal) });

export const resultsQuery = (uid: string) =>
  queryOptions({ queryKey: ["results", uid], queryFn: ({ signal }) => calls.results(uid, signal) });

/** A result's files never change. */
export const curvesQuery = (job: string) =>
  queryOptions({ queryKey: ["curves", job], queryFn: ({ signal }) => calls.curves(job, signal) });

export const pipelinesQuery = () => queryOptions({ queryKey: ["pipelines"], queryFn: ({ signal }) => calls.pipelines(signal) });

/** What people said of a study's results. */
export const feedbackQuery = (uid: string) =>
  queryOptions({ queryKey: ["feedback", uid], queryFn: ({ signal }) => calls.events(uid, ["feedback."], signal) });

/** The events that tell how far a study is. */
export const stepsQuery = (uid: string) =>
  queryOptions({ queryKey: ["steps", uid], queryFn: ({ signal }) => calls.events(uid, calls.STEP_TYPES, signal) });

/** Every event of a study, each image included. */
export const storyQuery = (uid: string) =>
  queryOptions({ queryKey: ["story", uid], queryFn: ({ signal }) => calls.events(uid, [], signal) });

export const rulesQuery = () => queryOptions({ queryKey: ["rules"], queryFn: ({ signal }) => calls.rules(signal) });

/** What the rules say of a study as it is now. */
export const decisionsQuery = (uid: string) =>
  queryOptions({ queryKey: ["decisions", uid], queryFn: ({ signal }) => calls.decisions(uid, signal) });

export const arrivalsQuery = () =>
  queryOptions({
    queryKey: ["arrivals"],
    queryFn: ({ signal }) => calls.arrivals(signal),
    // "quiet for 2.1 of 5 s" changes without an event.
    refetchInterval: (query) => ((query.state.data?.length ?? 0) > 0 ? 1000 : false),
  });

export const jobsQuery = (state: JobState | "", queue: string) =>
  infiniteQueryOptions({
    queryKey: ["jobs", state, queue],
    queryFn: ({ pageParam, signal }) => calls.jobs(state, queue, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });

/** The last few jobs of a queue. */
export const lastJobsQuery = (queue: string) =>
  queryOptions({ queryKey: ["jobs", "last", queue], queryFn: ({ signal }) => calls.jobs("", queue, "", signal, 5).then((page) => page.items) });

export const queuesQuery = () => queryOptions({ queryKey: ["queues"], queryFn: ({ signal }) => calls.queues(signal) });

export const destinationsQuery = () => queryOptions({ queryKey: ["destinations"], queryFn: ({ signal }) => calls.destinations(signal) });

export const settingsQuery = () => queryOptions({ queryKey: ["settings"], queryFn: ({ signal }) => calls.settings(signal) });

/** What the server says of settings that somebody thinks of. */
export const settingsCheckQuery = (values: Record<string, string>) =>
  queryOptions({ queryKey: ["settings-check", values], queryFn: () => calls.checkSettings(values), enabled: Object.keys(values).length > 0, gcTime: 0 });

/** What is wrong now is worth a look each time that the page is opened. */
export const examinationQuery = () =>
  queryOptions({ queryKey: ["examination"], queryFn: ({ signal }) => calls.examination(signal), staleTime: 0, gcTime: 0, retry: false });

/** Asked every second while something runs: progress between two steps is no event. */
export const workersQuery = (running: boolean) =>
  queryOptions({
    queryKey: ["workers"],
    queryFn: ({ signal }) => calls.workers(signal),
    enabled: running,
    staleTime: 0,
    refetchInterval: running ? 1000 : false,
  });

/** Who is signed in in this browser, and whether one must be. */
export const sessionQuery = () =>
  queryOptions({ queryKey: ["session"], queryFn: ({ signal }) => accounts.session(signal), refetchOnWindowFocus: "always", retry: false });

export const usersQuery = () => queryOptions({ queryKey: ["users"], queryFn: ({ signal }) => accounts.users(signal) });

export const tokensQuery = () => queryOptions({ queryKey: ["tokens"], queryFn: ({ signal }) => accounts.tokens(signal) });

export const versionQuery = () => queryOptions({ queryKey: ["version"], queryFn: ({ signal }) => calls.version(signal) });

/** Associations are looked for among so many of the newest events. */
const LATELY = 5000;

/** Who opened an association lately, the newest last. */
export const greetingsQuery = () =>
  queryOptions({
    queryKey: ["greetings"],
    queryFn: async ({ signal }) => calls.greetings(Math.max(0, (await calls.newest(Number.MAX_SAFE_INTEGER, signal)) - LATELY), signal),
  });

/** What an event makes out of date, by the beginning of its type. */
function touched(event: Event): unknown[][] {
  const { type, study } = event;
  if (type.startsWith("instance."))
    return [["studies"], ["arrivals"], ["study", study], ["series", study]];
  if (type === "study.complete" || type === "study.late") return [["arrivals"], ["results", study]];
  if (type.startsWith("rule.")) return [["rules"], ["decisions", study]];
  if (type.startsWith("results.")) return [["results", study], ["study", study], ["series", study]];
  if (type === "association.opened") return [["greetings"]];
  if (type.startsWith("job.")) return [["jobs"], ["queues"], ["destinations"], ["workers"]];
  if (type.startsWith("queue.")) return [["queues"]];
  if (type.startsWith("feedback.")) return [["feedback", study]];
  if (type.startsWith("export.")) return [["destinations"]];
  return [];
}

const isStep = (type: string) => calls.STEP_TYPES.some((begin) => type.startsWith(begin));

/** Takes events as they come, and passes on what changed at most every `everyMs`: an ingest may bring hundreds a second. */
export class Freshness {
  private readonly queries: QueryClient;
  private readonly everyMs: number;
  private events: Event[] = [];
  private again = new Map<string, unknown[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient, everyMs = 200) {
    this.queries = queries;
    this.everyMs = everyMs;
  }

  take(event: Event): void {
    this.events.push(event);
    this.timer ??= setTimeout(() => this.pass(), this.everyMs);
  }

  everything(): void {
    void this.queries.invalidateQueries();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.events = [];
    this.again.clear();
  }

  private pass(): void {
    this.timer = undefined;
    const events = this.events;
    const stale = this.again;
    this.events = [];
    this.again = new Map();
    const byStudy = new Map<string, Event[]>();
    for (const event of events) {
      for (const key of touched(event)) stale.set(key.join(" "), key);
      if (event.study) byStudy.set(event.study, [...(byStudy.get(event.study) ?? []), event]);
    }
    for (const [study, news] of byStudy) {
      this.add(["story", study], news);
      this.add(["steps", study], news.filter((event) => isStep(event.type)));
    }
    for (const queryKey of stale.values()) {
      // An answer under way may be older than the event. It is left to come, since a big study would otherwise starve the list;
      // then it is asked again.
      if (this.queries.isFetching({ queryKey }) > 0) this.later(queryKey);
      else void this.queries.invalidateQueries({ queryKey });
    }
  }

  private later(queryKey: unknown[]): void {
    this.again.set(queryKey.join(" "), queryKey);
    this.timer ??= setTimeout(() => this.pass(), this.everyMs);
  }

  private add(queryKey: unknown[], news: Event[]): void {
    if (news.length === 0) return;
    if (this.queries.isFetching({ queryKey }) > 0) return this.later(queryKey);
    const known = this.queries.getQueryData<Event[]>(queryKey);
    if (known === undefined || known.length >= calls.MOST_EVENTS) return;
    const seen = new Set(known.map((event) => event.seq));
    const added = news.filter(({ seq }) => !seen.has(seq) && seen.add(seq));
    if (added.length > 0) this.queries.setQueryData<Event[]>(queryKey, [...known, ...added]);
  }
}
