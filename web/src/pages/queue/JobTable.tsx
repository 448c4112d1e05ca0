/** Jobs one by one: what each is, about whom, how far, and what a person can do about it. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import * as calls from "../../api/calls";
import type { Job, Worker } from "../../api/types";
import { JobStudy } from "../../parts/JobStudy";
import { StateMark } from "../../parts/StateMark";
import table from "../../parts/Table.module.css";
import { useNow } from "../../parts/useNow";
import { When } from "../../parts/When";
import { jobHeadline } from "../../story/job";
import { text } from "../../text";
import { Attempts } from "./Attempts";
import classes from "./JobTable.module.css";

const words = text.queue;
const COLUMNS = ["job", "study", "state", "time", "actions"] as const;

export function JobTable({ jobs, workers = [] }: { jobs: Job[]; workers?: Worker[] }) {
  const now = useNow(jobs.some((job) => job.state === "running" || job.state === "waiting"));
  return (
    <table className={`${table.table} ${classes.table}`} role="table">
      <caption className="hidden">{words.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col" data-column={name}>{name === "actions" ? <span className="hidden">{words.columns[name]}</span> : words.columns[name]}</th>
          ))}
        </tr>
      </thead>
      {jobs.map((job) => <JobRows key={job.id} job={job} now={now} worker={workers.find((one) => one.busy_with === job.id)} />)}
    </table>
  );
}

function JobRows({ job, now, worker }: { job: Job; now: number; worker?: Worker }) {
  const [open, setOpen] = useState(false);
  const { priority } = job.work;
  return (
    <tbody role="rowgroup" data-job={job.id}>
      <tr role="row">
        <td role="cell" data-column="job">
          <span className={table.main}>{words.name(job.work.queue)}</span>
          <span className={table.second}>{priority === "urgent" || priority === "low" ? words[priority] : job.id.slice(0, 8)}</span>
        </td>
        <td role="cell" data-column="study"><JobStudy uid={job.work.study ?? ""} /></td>
        <td role="cell" data-column="state"><StateMark wrap={job.state === "dead"} headline={jobHeadline(job, now, worker)} /></td>
        <td role="cell" data-column="time"><When at={job.queued} /></td>
        <td role="cell" data-column="actions">
          <span className={classes.actions}>
            <Action job={job} />
            {job.attempts.length > 0 && (
              <Button size="compact-xs" variant="subtle" color="gray" className={classes.quiet} aria-expanded={open} aria-controls={`attempts-${job.id}`} onClick={() => setOpen(!open)}>
                {words.attempts(job.attempts.length)}
              </Button>
            )}
          </span>
        </td>
      </tr>
      {open && (
        <tr role="row" id={`attempts-${job.id}`} className={classes.more}>
          <td role="cell" colSpan={COLUMNS.length}><Attempts attempts={job.attempts} /></td>
        </tr>
      )}
    </tbody>
  );
}

interface Asked {
  id: string;
  /** When it was last tried before. */
  tried: string;
}

/**
 * What was done stays to be read until the job itself says so. The button is only dimmed then: of one that is taken away under the
 * pointer, the browser never tells that the pointer left, and the keyboard would stand nowhere.
 */
function Action({ job }: { job: Job }) {
  const tried = job.attempts.at(-1)?.started ?? "";
  const revive = useMutation({ mutationFn: ({ id }: Asked) => calls.revive(id) });
  const cancel = useMutation({ mutationFn: ({ id }: Asked) => calls.cancel(id) });
  const over = job.state === "dead" || job.state === "cancelled";
  const act = over ? revive : cancel;
  const done = act.isSuccess && act.variables.tried === tried; // one that fails once more can be sent again
  if (job.state === "done") return null;
  return (
    <>
      <span role="status" className={act.isError ? classes.bad : classes.said}>{act.isError ? act.error.message : done ? (over ? words.revived : words.cancelled) : ""}</span>
      <Button size="compact-xs" variant={over ? "default" : "subtle"} color="gray" className={over ? undefined : classes.quiet} aria-disabled={done || undefined} loading={act.isPending} onClick={() => done || act.mutate({ id: job.id, tried })}>
        {over ? words.revive : words.cancel}
      </Button>
    </>
  );
}
