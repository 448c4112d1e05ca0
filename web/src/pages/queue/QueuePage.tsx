/** Jobs, the queues they stand in, and who works on them. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { destinationsQuery, jobsQuery, pipelinesQuery, queuesQuery, workersQuery } from "../../api/queries";
import type { Job, Queue, Worker } from "../../api/types";
import { Choices } from "../../parts/Choices";
import { useHeld } from "../../parts/held";
import { Empty, ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import table from "../../parts/Table.module.css";
import { text } from "../../text";
import { JobTable } from "./JobTable";
import classes from "./QueuePage.module.css";
import { Queues } from "./Queues";
import { STATES, type StateChoice } from "./search";
import { Workers } from "./Workers";

const route = getRouteApi("/queue");
const words = text.queue;
const NONE: Job[] = [];
const idOf = (job: Job) => job.id;

export function QueuePage() {
  const { state, queue = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const queues = useQuery(queuesQuery());
  const running = (queues.data ?? []).some((one) => one.running > 0);
  const workers = useQuery({ ...workersQuery(running), enabled: true });
  const choose = (next: StateChoice) => void navigate({ search: (old) => ({ ...old, state: next === "all" ? undefined : next }), replace: true });
  const chooseQueue = (next: string) => void navigate({ search: (old) => ({ ...old, queue: next || undefined }), replace: true });
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead} />
      {queues.isError && <ProblemBox title={words.depthError} error={queues.error} onRetry={() => void queues.refetch()} />}
      <Queues queues={useWithIdle(queues.isLoadingError ? [] : queues.data)} chosen={queue} onChoose={chooseQueue} />
      {workers.isPending ? <Skeleton height={58} radius={12} /> : <Workers workers={workers.data} />}
      <section className={classes.jobs} aria-label={words.caption}>
        <Choices label={words.statesLabel} values={STATES} names={words.states} value={state ?? "all"} onChange={choose} />
        <Jobs state={state ?? ""} queue={queue} workers={workers.data} />
      </section>
    </div>
  );
}

/** A queue is there before its first job too, and can be paused then. */
function useWithIdle(queues?: Queue[]): Queue[] | undefined {
  const pipelines = useQuery(pipelinesQuery());
  const destinations = useQuery(destinationsQuery());
  if (pipelines.isPending || destinations.isPending) return undefined; // shown at once: nothing moves
  const names = [...(pipelines.data ?? []).map(({ name }) => `pipeline/${name}`), ...(destinations.data ?? []).map(({ name }) => `export/${name}`)];
  const idle = names.filter((name) => !queues?.some(({ queue }) => queue === name)).map((queue) => ({ queue, waiting: 0, running: 0, dead: 0 }));
  return queues && [...queues, ...idle].sort((a, b) => (a.queue < b.queue ? -1 : 1));
}

interface Asked {
  state: Job["state"] | "";
  queue: string;
}

function Jobs({ state, queue, workers }: Asked & { workers?: Worker[] }) {
  const list = useInfiniteQuery(jobsQuery(state, queue));
  const [pointing, setPointing] = useState(false);
  const [within, setWithin] = useState(false); // by the keyboard: a row that went would take the focus along
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? NONE, [list.data]);
  const { shown, fresh } = useHeld(loaded, `${state} ${queue}`, pointing || within, idOf);
  const problem = list.isError && <ProblemBox title={words.errorTitle} error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isLoadingError) return problem;
  if (list.isPending) return <div className={`card ${table.skeleton}`} aria-busy="true">{[0, 1, 2, 3].map((n) => <Skeleton key={n} height={14} />)}</div>;
  if (shown.length === 0) return <div className="card"><Nothing state={state} queue={queue} /></div>;
  return (
    <>
      {problem}
      <div className={`card ${table.frame}`} onPointerEnter={(event) => setPointing(event.pointerType === "mouse")} onPointerLeave={() => setPointing(false)}
        onFocus={(event) => setWithin(event.target.matches(":focus-visible"))} onBlur={() => setWithin(false)}>
        {fresh > 0 && <button type="button" className={table.fresh} onClick={() => setPointing(false)}>{words.fresh(fresh)}</button>}
        <JobTable jobs={shown} workers={workers} />
      </div>
      <div className={table.foot}>
        <span className="dim number" role="status">{list.hasNextPage ? words.shownMore(loaded.length) : words.shown(loaded.length)}</span>
        {list.hasNextPage && <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{words.more}</Button>}
      </div>
    </>
  );
}

function Nothing({ state, queue }: Asked) {
  if (state === "dead") return <Empty title={words.emptyDead}><p>{words.emptyDeadHint}</p></Empty>;
  if (state === "" && queue === "") return <Empty title={words.empty}><p>{words.emptyHint}</p></Empty>;
  return (
    <Empty title={state === "" ? words.empty : words.emptyState(words.states[state])}>
      <Link to="/queue" search={{}}>{words.showAll}</Link>
    </Empty>
  );
}
