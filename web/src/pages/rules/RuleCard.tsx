/** A rule as it is written, and how it went so far. */
import { Link } from "@tanstack/react-router";

import type { Rule } from "../../api/types";
import { count } from "../../format/number";
import { text } from "../../text";
import classes from "./RuleCard.module.css";

export function RuleCard({ rule }: { rule: Rule }) {
  const words = text.rules;
  const all = rule.matched + rule.skipped;
  return (
    <article className={`card ${classes.card}`} aria-labelledby={`rule-${rule.name}`}>
      <header className={classes.head}>
        <h2 id={`rule-${rule.name}`}>{rule.name}</h2>
        <span className={classes.when}>{words.when(rule.trigger)}</span>
        <span className={classes.line}>{words.line(rule.line)}</span>
      </header>
      {all === 0 ? <p className={classes.never}>{words.never}</p> : (
        <div className={classes.counts}>
          <span className={classes.track} role="img" aria-label={words.share(rule.matched, all)}>
            <span className={classes.bar} style={{ width: `${(100 * rule.matched) / all}%` }} />
          </span>
          <Link to="/events" search={{ type: "rule.matched", rule: rule.name }} className={classes.count} title={words.see}>
            <span className={`number ${classes.figure}`} data-matched>{count(rule.matched)}</span> {words.matched}<span className="hidden"> {words.by(rule.name)}</span>
          </Link>
          <Link to="/events" search={{ type: "rule.skipped", rule: rule.name }} className={classes.count} title={words.see}>
            <span className={`number ${classes.figure}`}>{count(rule.skipped)}</span> {words.skipped}<span className="hidden"> {rule.name}</span>
          </Link>
        </div>
      )}
      <pre className={`mono ${classes.text}`} tabIndex={0} aria-label={words.text(rule.name)}>{rule.text.trimEnd()}</pre>
    </article>
  );
}
