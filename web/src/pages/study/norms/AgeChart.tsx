/** The norm of one structure over age, with the patient on it. */
import type { Curves, Standing } from "../../../story/norms";
import { text } from "../../../text";
import { decimals } from "../../../format/number";
import { nameOf } from "./name";
import classes from "./AgeChart.module.css";

const WIDTH = 440;
const HEIGHT = 270;
const AT = { left: 46, right: 14, top: 14, bottom: 38 };

export interface Prior {
  age: number;
  ml: number;
}

/** A step of 1, 2 or 5 times a power of ten that divides the range into about so many parts. */
export function stepOf(range: number, parts: number): number {
  const power = 10 ** Math.floor(Math.log10(range / parts));
  return ([1, 2, 5].find((factor) => factor * power >= range / parts) ?? 10) * power;
}

interface ChartProps {
  standing: Standing;
  /** Years. */
  age: number;
  ages: number[];
  /** 5th, 25th, 50th, 75th and 95th centile. */
  ml: number[][];
  prior?: Prior;
  /** Volumes that both sides' charts must hold, so that they have one scale. */
  range: [number, number];
}

/** The least and the greatest volume of a chart. */
export const rangeOf = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];

export function AgeChart({ standing, age, ages, ml, prior, range }: ChartProps) {
  const words = text.norms.chart;
  const step = stepOf(range[1] - range[0], 5);
  const low = Math.floor(range[0] / step) * step;
  const high = Math.ceil(range[1] / step) * step;
  const first = ages[0]!;
  const last = ages.at(-1)!;
  const x = (years: number) => AT.left + ((Math.max(first, Math.min(last, years)) - first) / (last - first)) * (WIDTH - AT.left - AT.right);
  const y = (value: number) => HEIGHT - AT.bottom - ((value - low) / (high - low)) * (HEIGHT - AT.top - AT.bottom);
  const points = (values: number[]) => values.map((value, at) => `${x(ages[at]!).toFixed(1)},${y(value).toFixed(1)}`);
  const band = (below: number[], above: number[]) => [...points(below), ...points(above).reverse()].join(" ");
  const [p5, p25, p50, p75, p95] = ml as [number[], number[], number[], number[], number[]];
  const digits = step < 0.095 ? 2 : step < 0.95 ? 1 : 0;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, n) => low + n * step);
  const decades = Array.from({ length: 9 }, (_, n) => 20 + 10 * n).filter((years) => years >= first && years <= last);
  const said = words.point(standing.ml, standing.centile, standing.low, standing.high);
  return (
    <svg className={classes.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${words.title(nameOf(standing))}: ${said}`}>
      {ticks.map((value) => (
        <g key={value}>
          <line className={classes.grid} x1={AT.left} x2={WIDTH - AT.right} y1={y(value)} y2={y(value)} />
          <text className={classes.tick} x={AT.left - 7} y={y(value) + 3.5} textAnchor="end">{decimals(value, digits)}</text>
        </g>
      ))}
      {decades.map((years) => <text key={years} className={classes.tick} x={x(years)} y={HEIGHT - AT.bottom + 15} textAnchor="middle">{years}</text>)}
      <text className={classes.axis} x={(AT.left + WIDTH - AT.right) / 2} y={HEIGHT - 5} textAnchor="middle">{words.age}</text>
      <polygon className={classes.band} points={band(p5, p95)} />
      <polygon className={classes.inner} points={band(p25, p75)} />
      <polyline className={classes.middle} points={points(p50).join(" ")} />
      {prior && (
        <g className={classes.prior}>
          <line x1={x(prior.age)} y1={y(prior.ml)} x2={x(age)} y2={y(standing.ml)} />
          <circle cx={x(prior.age)} cy={y(prior.ml)} r={4} />
          <text x={x(prior.age) - 8} y={y(prior.ml) + 4} textAnchor="end">{words.prior}</text>
        </g>
      )}
      <g className={classes.now}>
        <circle cx={x(age)} cy={y(standing.ml)} r={5} />
        <text x={x(age) + 9} y={y(standing.ml) + 4} textAnchor={x(age) > WIDTH - 60 ? "end" : "start"}>{words.now}</text>
      </g>
    </svg>
  );
}

/** The same figures for who reads no chart; every tenth year. */
export function AgeTable({ curves, ml, name }: { curves: Curves; ml: number[][]; name: string }) {
  const words = text.norms.chart;
  return (
    <table className={classes.table}>
      <caption className="hidden">{words.title(name)}</caption>
      <thead>
        <tr>
          <th scope="col">{words.age}</th>
          {curves.centiles.map((centile) => <th key={centile} scope="col">{words.centileColumn(centile)}</th>)}
        </tr>
      </thead>
      <tbody>
        {curves.ages.map((age, at) => age % 10 === 0 && (
          <tr key={age}>
            <th scope="row">{age}</th>
            {ml.map((values, n) => <td key={n}>{text.study.ml(values[at]!)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
