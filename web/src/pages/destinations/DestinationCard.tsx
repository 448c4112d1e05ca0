/** One destination: how it is, what waits for it, and what went there lately. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { lastJobsQuery, queuesQuery } from "../../api/queries";
import type { Destination, Queue } from "../../api/types";
import { JobStudy } from "../../parts/JobStudy";
import { Pause } from "../../parts/Pause";
import { StateMark } from "../../parts/StateMark";
import { useNow } from "../../parts/useNow";
import { When } from "../../parts/When";
import { jobHeadline } from "../../story/job";
import type { Headline } from "../../story/headline";
import { text } from "../../text";
import classes from "./DestinationCard.module.css";
import { Echo } from "./Echo";

const words = text.destinations;

function headlineOf({ last_error, dead, waiting }: Destination, paused: Queue["paused"], now: number): Headline {
  if (paused) return { tone: "warn", words: words.paused, detail: words.pausedHint(Math.max(0, (now - Date.parse(paused.since)) / 1000), paused.by) };
  if (last_error || dead > 0) return { tone: last_error ? "bad" : "warn", words: words.trouble, detail: last_error || words.dead(dead) };
  if (waiting > 0) return { tone: "busy", words: words.waiting, detail: words.waitingHint(waiting) };
  return { tone: "good", words: words.fine, detail: words.fineHint };
}

export function DestinationCard({ destination }: { destination: Destination }) {
  const { name, host, port, called, calling, waiting, dead } = destination;
  const queue = `export/${name}`;
  const paused = useQuery(queuesQuery()).data?.find((one) => one.queue === queue)?.paused;
  const now = useNow(paused !== undefined);
  return (
    <article className={`card ${classes.card}`} aria-labelledby={`destination-${name}`}>
      <div className={classes.head}>
        <h2 id={`destination-${name}`} className={classes.name}>{name}</h2>
        <div className={classes.actions}>
          <Echo name={name} />
          <Pause queue={queue} paused={paused !== undefined} />
        </div>
      </div>
      <StateMark headline={headlineOf(destination, paused, now)} wrap />
      <dl className={classes.facts}>
        <div><dt>{words.address}</dt><dd className="mono">{host}:{port}</dd></div>
        <div><dt>{words.called}</dt><dd className="mono">{called}</dd></div>
        <div><dt>{words.calling}</dt><dd className="mono">{calling}</dd></div>
        <div>
          <dt>{words.queue}</dt>
          <dd><Link to="/queue" search={{ queue }}>{words.waitingHint(waiting)}</Link></dd>
        </div>
      </dl>
      {dead > 0 && <p><Link to="/queue" search={{ queue, state: "dead" }} className={classes.dead}>{words.dead(dead)}</Link></p>}
      <Lately queue={queue} />
    </article>
  );
}

function Lately({ queue }: { queue: string }) {
  const { data } = useQuery(lastJobsQuery(queue));
  const now = useNow((data ?? []).some((job) => job.state === "running" || job.state === "waiting"));
  return (
    <section className={classes.lately}>
      <h3 className={classes.title}>{words.lately}</h3>
      {data?.length === 0 && <p className="dim">{words.latelyNone}</p>}
      <ul className={classes.list}>
        {data?.map((job) => (
          <li key={job.id} className={classes.delivery}>
            <div className={classes.study}><JobStudy uid={job.work.study ?? ""} /></div>
            <StateMark headline={jobHeadline(job, now)} />
            <span className={`dim ${classes.when}`}><When at={job.attempts.at(-1)?.ended ?? job.queued} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}
