/** Whether what is shown is true now: the state of the event stream. */
import type { Link } from "../api/live";
import { text } from "../text";
import classes from "./LiveMark.module.css";

export function LiveMark({ link, quiet = false }: { link: Link; quiet?: boolean }) {
  const { live, liveHint, connecting, lost, lostHint } = text.link;
  const [words, hint] = link === "live" ? [live, liveHint] : link === "lost" ? [lost, lostHint] : [connecting, ""];
  return (
    <span className={classes.live} data-link={link} role="status" title={hint || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <span className={quiet ? "hidden" : undefined}>{words}</span>
    </span>
  );
}
