/** The state of a study: a coloured point, a few words, a quieter line, and a bar where something runs. Its height is constant. */
import type { Headline } from "../story/headline";
import classes from "./StateMark.module.css";

interface StateMarkProps {
  headline: Headline;
  large?: boolean;
  /** The quieter line may take as many lines as it needs. */
  wrap?: boolean;
}

export function StateMark({ headline, large = false, wrap = false }: StateMarkProps) {
  const { tone, words, detail, fraction } = headline;
  return (
    <span className={classes.state} data-tone={tone} data-large={large || undefined} data-wrap={wrap || undefined}>
      <span className={classes.words}>
        <span className={classes.point} aria-hidden="true" />
        <span className={classes.text} title={words}>{words}</span>
      </span>
      <span className={classes.detail} title={detail || undefined}>{detail || "\u00a0"}</span>
      {fraction !== undefined && (
        <span className={classes.track} aria-hidden="true">
          <span className={classes.bar} style={{ transform: `scaleX(${fraction})` }} />
        </span>
      )}
    </span>
  );
}
