/** Who works, on which study, and how far each is. */
import { Link } from "@tanstack/react-router";

import type { Worker } from "../../api/types";
import { Warning } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Workers.module.css";

const words = text.queue;

export function Workers({ workers }: { workers?: Worker[] }) {
  if (!workers) return null;
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="workers">
      <h2 id="workers" className={classes.title}>{words.workers}</h2>
      {workers.length === 0 && (
        <p className={classes.none}><Warning /> <span><strong>{words.workersNone}.</strong> {words.workersNoneHint}</span></p>
      )}
      <ul className={classes.list}>
        {workers.map((worker) => (
          <li key={worker.id} className={classes.worker} data-busy={worker.busy_with ? true : undefined}>
            <span className={classes.point} aria-hidden="true" />
            <span className={classes.id}>{worker.id}</span>
            {worker.busy_with ? (
              <>
                <span className={`${classes.step} number`}>{words.step(worker.step, worker.fraction)}</span>
                {worker.study && <Link to="/studies/$study" params={{ study: worker.study }} className={classes.study}>{words.openStudy}</Link>}
              </>
            ) : <span className={classes.step}>{words.idle}</span>}
            <span className={classes.track} aria-hidden="true"><span className={classes.bar} style={{ transform: `scaleX(${worker.busy_with ? worker.fraction : 0})` }} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}
