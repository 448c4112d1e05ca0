/** One destination. Its echo is asked now and says what happened in the archive's own terms. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import * as calls from "../../api/calls";
import { lastJobsQuery } from "../../api/queries";
import type { Destination } from "../../api/types";
import { JobStudy } from "../../parts/JobStudy";
import { StateMark } from "../../parts/StateMark";
import { useNow } from "../../parts/useNow";
import { When } from "../../parts/When";
import { jobHeadline } from "../../story/job";
import type { Headline } from "../../story/headline";
import { text } from "../../text";
import classes from "./DestinationCard.module.css";

const words = text.destinations;

function headlineOf({ last_error, dead, waiting }: Destination): Headline {
  if (last_error || dead > 0) return { tone: last_error ? "bad" : "warn", words: words.trouble, detail: last_error || words.dead(dead) };
  if (waiting > 0) return { tone: "busy", words: words.waiting, detail: words.waitingHint(waiting) };
  return { tone: "good", words: words.fine, detail: words.fineHint };
}

export function DestinationCard({ destination }: { destination: Destination }) {
  const { name, host, port, called, calling, waiting, dead } = destination;
  const queue = `export/${name}`;
  return (
    <article className={`card ${classes.card}`} aria-labelledby={`destination-${name}`}>
      <div className={classes.head}>
        <h2 id={`destination-${name}`} className={classes.name}>{name}</h2>
        <Echo name={name} />
      </div>
      <StateMark headline={headlineOf(destination)} wrap />
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

function Echo({ name }: { name: string }) {
  const queries = useQueryClient();
  const echo = useMutation({ mutationFn: () => calls.echo(name), onSettled: () => queries.invalidateQueries({ queryKey: ["destinations"] }) });
  const said = echo.isError ? echo.error.message : echo.data && (echo.data.reached ? words.reached(echo.data.seconds) : echo.data.words);
  return (
    <div className={classes.echo}>
      <span role="status" className={classes.said} data-tone={echo.data?.reached ? "good" : "bad"}>{echo.isPending ? "" : said}</span>
      <Button size="xs" variant="default" title={words.echoHint} aria-label={`${words.echo} ${name}`} loading={echo.isPending} onClick={() => echo.mutate()}>{words.echo}</Button>
    </div>
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
