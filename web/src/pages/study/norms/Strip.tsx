/** Where one or two volumes stand among healthy people, small enough for a table's row. Letters, not colours, tell the sides. */
import type { Standing } from "../../../story/norms";
import { text } from "../../../text";
import classes from "./Strip.module.css";

const WIDTH = 118;
const HEIGHT = 26;
/** Standard deviations from the middle to either end; what lies beyond stands at the end. */
const REACH = 3.2;
/** z of the 95th centile: nine of ten healthy people lie within. */
const BAND = 1.6449;

const x = (z: number) => (WIDTH / 2) * (1 + Math.max(-REACH, Math.min(REACH, z)) / (REACH + 0.2));

/** A letter a side, where there are two. */
export const marksOf = (standings: Standing[]) =>
  standings.map((standing) => ({ letter: standings.length > 1 ? text.study.viewer.sides[standing.name.startsWith("left") ? "left" : "right"] : "", standing }));

/** `marks`: at most two; the first stands above the line, the second below it. */
export function Strip({ marks }: { marks: { letter: string; standing: Standing }[] }) {
  const middle = HEIGHT / 2;
  return (
    <svg className={classes.strip} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <rect className={classes.band} x={x(-BAND)} width={x(BAND) - x(-BAND)} y={middle - 6} height={12} rx={3} />
      <line className={classes.line} x1={0} x2={WIDTH} y1={middle} y2={middle} />
      <line className={classes.tick} x1={WIDTH / 2} x2={WIDTH / 2} y1={middle - 6} y2={middle + 6} />
      {marks.map(({ letter, standing: { z, error } }, at) => {
        const y = marks.length === 1 ? middle : at === 0 ? middle - 6 : middle + 6;
        return (
          <g key={letter} data-outside={Math.abs(z) > BAND || undefined} className={classes.mark}>
            <line x1={x(z - error)} x2={x(z + error)} y1={y} y2={y} />
            <circle cx={x(z)} cy={y} r={5.6} />
            <text x={x(z)} y={y + 2.9} textAnchor="middle">{letter}</text>
          </g>
        );
      })}
    </svg>
  );
}
