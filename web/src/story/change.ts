/** What changed since the prior, as the pipeline measured it. */
import { findingsList, type Findings } from "./findings";

export interface ChangedRow {
  /** "brain", "ventricles", "hippocampi", "cortex" */
  name: string;
  first: number;
  second: number;
  /** Of the mean of both volumes; negative is loss. */
  percent: number;
  perYear?: number;
  /** One standard deviation of `percent`. */
  error: number;
}

export interface Change {
  /** Why the two scans were not compared; empty: they were. */
  refused: string;
  /** "faster than normal ageing"; empty where nobody can tell. */
  verdict: string;
  /** The figures that it stands on, or why there is none. */
  words: string;
  years?: number;
  warnings: string[];
  sources: string[];
  rows: ChangedRow[];
  method: string;
  /** How earlier scans were looked for. */
  priors: string;
}

const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const words = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(words).filter(Boolean) : []);
const object = (value: unknown): Findings => (value !== null && typeof value === "object" ? (value as Findings) : {});

function rowOf(one: Findings): ChangedRow[] {
  const [first, second, percent, error] = [one.first_ml, one.second_ml, one.percent, one.error_percent].map(number);
  if (typeof one.name !== "string" || first === undefined || second === undefined || percent === undefined || error === undefined) return [];
  return [{ name: one.name, first, second, percent, perYear: number(one.per_year_percent), error }];
}

/** Undefined where there is neither a change nor a word on priors. */
export function changeOf(findings: Findings | undefined): Change | undefined {
  const priors = words(object(findings?.priors).words);
  if (!findings?.change && !priors) return undefined;
  const change = object(findings?.change);
  const ageing = object(change.ageing);
  const [verdict, said] = [words(ageing.verdict), words(ageing.words)];
  return {
    refused: words(change.refused), verdict: verdict === "unknown" ? "" : verdict, words: said.startsWith(`${verdict}: `) ? said.slice(verdict.length + 2) : said,
    years: number(change.interval_years), warnings: list(change.warnings), sources: list(ageing.sources),
    rows: findingsList(change.structures).flatMap(rowOf), method: words(change.method), priors,
  };
}

/** Which row of the change a sum of the norms belongs to. */
const SUMS: Record<string, string> = { brain: "brain", ventricles: "ventricles", "cerebral cortex": "cortex" };

/**
 * The earlier volume of a sum, for its chart: today's volume less the measured change. Both volumes of the change stand halfway
 * between the scans, so that today's own is not one of them.
 */
export function earlierOf(change: Change | undefined, sum: { id: number; name: string; ml: number }): { yearsBefore: number; ml: number } | undefined {
  const row = sum.id === 0 ? change?.rows.find((one) => one.name === SUMS[sum.name]) : undefined;
  if (!row || change?.years === undefined || row.second <= 0) return undefined;
  return { yearsBefore: change.years, ml: (sum.ml * row.first) / row.second };
}
