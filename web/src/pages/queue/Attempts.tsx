/** Each try at a job: when, on which worker, how it ended, and what it said last. */
import type { Job } from "../../api/types";
import { When } from "../../parts/When";
import { text } from "../../text";
import classes from "./Attempts.module.css";

const words = text.queue;

export function Attempts({ attempts }: { attempts: Job["attempts"] }) {
  return (
    <ol className={classes.attempts}>
      {attempts.map((one) => (
        <li key={one.number} className={classes.attempt}>
          <span className={classes.name}>{words.attempt(one.number, one.worker)}</span>
          <span className="dim"><When at={one.started} /></span>
          <span className={one.error ? classes.bad : "dim"}>{one.error?.detail ?? (one.ended ? words.ok : "")}</span>
          {one.error?.hint && <span className={`dim ${classes.wide}`}>{one.error.hint}</span>}
          {one.last_words && (
            <details className={classes.wide}>
              <summary>{words.lastWords}</summary>
              <pre tabIndex={0}>{one.last_words}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
