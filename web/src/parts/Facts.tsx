/** A few values side by side, each to be taken along with a click. */
import { CopyButton } from "./CopyText";
import classes from "./Facts.module.css";

export function Facts({ facts }: { facts: Record<string, string> }) {
  return (
    <dl className={classes.facts}>
      {Object.entries(facts).map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd><span className={classes.value}>{value}</span><CopyButton value={value} label={name} /></dd>
        </div>
      ))}
    </dl>
  );
}

/** A line or more for a terminal or a file. */
export function Lines({ lines, label }: { lines: string; label: string }) {
  return (
    <div className={classes.lines}>
      <pre tabIndex={0}>{lines}</pre>
      <CopyButton value={lines} label={label} />
    </div>
  );
}
