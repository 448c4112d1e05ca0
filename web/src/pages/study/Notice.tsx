/** Where a study is stuck: what happened, why, and what to do now. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { revive } from "../../api/calls";
import { Warning } from "../../parts/icons";
import { currentDeliveries, currentRuns, type Story } from "../../story/derive";
import { text } from "../../text";
import classes from "./Notice.module.css";

interface Trouble {
  tone: "warn" | "bad" | "quiet";
  title: string;
  why: string;
  now: string;
  lastWords?: string;
  job?: string;
  /** The study that is compared with this one. */
  later?: string;
}

function troubleOf(story: Story): Trouble | undefined {
  const { whatNow } = text.study;
  const runs = currentRuns(story);
  const dead = runs.find((run) => run.state === "dead");
  if (dead)
    return { tone: "bad", title: text.state.failed, why: dead.error, now: whatNow.failed, lastWords: dead.lastWords, job: dead.job };
  const lost = currentDeliveries(story).find((one) => one.state === "dead");
  if (lost) return { tone: "bad", title: text.state.undelivered(lost.destination), why: lost.error, now: whatNow.undelivered, job: lost.job };
  const refused = runs.find((run) => run.state === "refused");
  if (refused) return { tone: "warn", title: text.state.refused, why: text.told(refused.reason), now: whatNow.refused };
  if (story.phase === "unmatched") return { tone: "quiet", title: text.state.unmatched, why: "", now: whatNow.unmatched };
  if (story.phase === "prior")
    return { tone: "quiet", title: text.state.prior, why: "", now: whatNow.prior(story.askedFor!.archive), later: story.askedFor!.later };
  return undefined;
}

export function Notice({ story }: { story: Story }) {
  const trouble = troubleOf(story);
  const again = useMutation({ mutationFn: (job: string) => revive(job) });
  if (!trouble) return null;
  return (
    <section className={classes.notice} data-tone={trouble.tone}>
      <span className={classes.icon}><Warning size={18} /></span>
      <div className={classes.body}>
        <h2>{trouble.title}</h2>
        {trouble.why && <p className={classes.why}>{trouble.why}</p>}
        <p className="dim">{trouble.now}</p>
        {trouble.lastWords && (
          <details className={classes.last}>
            <summary>{text.study.lastWords}</summary>
            <pre tabIndex={0}>{trouble.lastWords}</pre>
          </details>
        )}
        {trouble.later && <p><Link to="/studies/$study" params={{ study: trouble.later }}>{text.study.toComparison}</Link></p>}
        {trouble.job && (
          <div className={classes.act}>
            <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate(trouble.job!)}>{text.study.retry}</Button>
            <span role="status">{again.isSuccess ? text.study.retried : again.isError ? again.error.message : ""}</span>
          </div>
        )}
      </div>
    </section>
  );
}
