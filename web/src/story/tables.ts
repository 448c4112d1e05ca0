/** The shorter tables of the findings: lobes and lesions. */
import { findingsList, type Findings } from "./findings";

export interface LobeRow {
  name: string;
  left?: number;
  right?: number;
}

export interface Lobes {
  rows: LobeRow[];
  noneBecause: string;
}

const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const words = (value: unknown): string => (typeof value === "string" ? value : "");

/** Undefined where the pipeline looks for none. */
export function lobesOf(findings: Findings | undefined): Lobes | undefined {
  const lobes = findings?.lobes;
  if (lobes === null || typeof lobes !== "object") return undefined;
  const rows = new Map<string, LobeRow>();
  for (const one of findingsList(lobes)) {
    const name = words(one.name);
    if (!name || (one.side !== "left" && one.side !== "right")) continue;
    const row = rows.get(name) ?? rows.set(name, { name }).get(name)!;
    row[one.side] = number(one.ml);
  }
  return { rows: [...rows.values()], noneBecause: words((lobes as Findings).none_because) };
}

export interface Lesion {
  ml: number;
  /** Towards right, front and top, in the scanner's millimetres. */
  centre?: readonly [number, number, number];
  side: string;
  /** What it lies next to: "periventricular", "juxtacortical", "deep"; empty: an older version does not say. */
  place: string;
  /** Since the prior: "new", "grown", or empty. */
  kind: string;
}

export interface Lesions {
  refused: string;
  series: string;
  count: number;
  ml: number;
  lesions: Lesion[];
  fresh?: number;
  grown?: number;
  changeRefused: string;
}

function lesionOf(one: Findings): Lesion[] {
  const ml = number(one.ml);
  const centre = Array.isArray(one.centre_mm) ? one.centre_mm.map(number) : [];
  if (ml === undefined) return [];
  return [{
    ml, centre: centre.length === 3 && centre.every((mm) => mm !== undefined) ? (centre as unknown as Lesion["centre"]) : undefined,
    side: words(one.side), place: words(one.place), kind: words(one.kind),
  }];
}

/** What a reader asks about first: the new ones, then those that have grown. */
const URGENCY = ["new", "grown", ""];

/** White-matter lesions in FLAIR; undefined where there was none to look at. */
export function lesionsOf(findings: Findings | undefined): Lesions | undefined {
  const told = findings?.lesions as Findings | undefined;
  if (told === null || typeof told !== "object") return undefined;
  const change = (told.change ?? {}) as Findings;
  return {
    refused: words(told.refused), series: words(told.series), count: number(told.count) ?? 0, ml: number(told.ml) ?? 0,
    lesions: findingsList(told.lesions).flatMap(lesionOf).sort((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind)), fresh: number(change.new), grown: number(change.grown), changeRefused: words(change.refused),
  };
}
