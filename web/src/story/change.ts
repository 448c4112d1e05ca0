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

/** z of a 95 % range. */
export const TWO_SIDED = 1.96;

/** The brain's change beside that of healthy people of the same age; per cent a year. */
export interface Pace {
  perYear: number;
  /** 95 % range of `perYear`. */
  low: number;
  high: number;
  expected: number;
  /** 95 of 100 healthy people stay above. */
  limit: number;
}

export interface Change {
  /** Why the two scans were not compared; empty: they were. */
  refused: string;
  /** "faster than normal ageing"; empty where nobody can tell. */
  verdict: string;
  /** The figures that it stands on; none where there is no verdict. */
  pace?: Pace;
  /** The same in the pipeline's words, or why there is no verdict; without the verdict. */
  words: string;
  years?: number;
  warnings: string[];
  sources: string[];
  rows: ChangedRow[];
  method: string;
  /** How earlier scans were looked for. */
  priors: string;
  /** The study that was compared with; empty: none. */
  priorStudy: string;
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

function paceOf(ageing: Findings): Pace | undefined {
  const [perYear, low, high] = [ageing.per_year_percent, ageing.low_per_year_percent, ageing.high_per_year_percent].map(number);
  const [expected, limit] = [ageing.expected_per_year_percent, ageing.limit_per_year_percent].map(number);
  if (perYear === undefined || low === undefined || high === undefined || expected === undefined || limit === undefined) return undefined;
  return { perYear, low, high, expected, limit };
}

/** Undefined where there is neither a change nor a word on priors. */
export function changeOf(findings: Findings | undefined): Change | undefined {
  const looked = object(findings?.priors);
  const priors = words(looked.words);
  if (!findings?.change && !priors) return undefined;
  const change = object(findings?.change);
  const ageing = object(change.ageing);
  const [verdict, said] = [words(ageing.verdict), words(ageing.words)];
  const years = number(change.interval_years);
  const rows = findingsList(change.structures).flatMap(rowOf);
  return {
    refused: words(change.refused), verdict: verdict === "unknown" ? "" : verdict, words: said.replace(/^(no verdict|[a-z ]+ageing): /, ""),
    pace: paceOf(ageing), years, warnings: list(change.warnings), sources: list(ageing.sources),
    rows, method: words(change.method), priors, priorStudy: words(object(looked.chosen).study),
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
