/** What was found, in one line. */
import { text } from "../../text";
import { standingRun, type Story } from "../../story/derive";
import { capital, glanceRow, volumesOf } from "../../story/findings";
import classes from "./Glance.module.css";

export function Glance({ story }: { story?: Story }) {
  const run = story && standingRun(story);
  if (!story || !run) return null;
  const volumes = volumesOf(run.findings);
  const row = glanceRow(volumes);
  const { ml } = text.study;
  const old = run.generation < story.generation;
  if (!row) return <span className={classes.first}>{text.study.madeBy(run.pipeline, run.version)}</span>;
  return (
    <span className={classes.glance}>
      <span className={`${classes.first} number`}>
        {row.left !== undefined && row.right !== undefined
          ? text.glance.pair(capital(text.structure(row.name)), ml(row.left), ml(row.right))
          : text.glance.ml(capital(text.structure(row.name)), ml(row.total))}
      </span>
      <span className={classes.second}>{old ? text.glance.superseded : text.glance.structures(volumes.rows.length)}</span>
    </span>
  );
}
