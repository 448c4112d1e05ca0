import { Button } from "@mantine/core";

import { text } from "../../text";
import { count } from "../../format/number";
import type { Snapshot } from "./queue";
import classes from "./Summary.module.css";

interface SummaryProps {
  state: Snapshot;
  onStop(): void;
  onClear(): void;
  onRetry(): void;
}

/** How far the whole upload is, and what became of it so far. */
export function Summary({ state: { counts, active, secondsLeft }, onStop, onClear, onRetry }: SummaryProps) {
  const words = text.upload;
  const part = counts.bytes > 0 ? counts.bytesSent / counts.bytes : counts.finished / Math.max(1, counts.files);
  const figures: [string, number, string][] = [
    [words.counts.taken, counts.taken, "ok"], [words.counts.duplicates, counts.duplicates, "plain"],
    [words.counts.refused, counts.refused, "warn"], [words.counts.failed, counts.failed, "bad"],
  ];
  return (
    <section className={`card ${classes.frame}`} aria-label={words.title}>
      <div className={classes.row}>
        <p className={`${classes.progress} number`} role="status">
          {active ? words.progress(counts.finished, counts.files) : words.doneAll(counts.finished)}
          <span className="dim"> · {words.bytes(counts.bytesSent, counts.bytes)}{active && secondsLeft !== undefined && ` · ${words.left(secondsLeft)}`}</span>
        </p>
        <div className={classes.acts}>
          {counts.failed > 0 && <Button size="xs" variant="default" onClick={onRetry}>{words.again}</Button>}
          {active ? <Button size="xs" variant="default" onClick={onStop}>{words.stop}</Button> : <Button size="xs" variant="default" onClick={onClear}>{words.clear}</Button>}
        </div>
      </div>
      <div className={classes.track} role="progressbar" aria-label={words.title} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(part * 100)}>
        <span style={{ transform: `scaleX(${part})` }} />
      </div>
      <dl className={classes.figures}>
        {figures.map(([name, n, tone]) => (
          <div key={name} data-tone={n > 0 ? tone : undefined} data-count={tone}><dt>{name}</dt><dd className="number">{count(n)}</dd></div>
        ))}
      </dl>
      {active && <p className={classes.keep}>{words.keep}</p>}
    </section>
  );
}
