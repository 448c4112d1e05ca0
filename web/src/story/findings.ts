/** What a pipeline found, as far as the pages understand it: volumes of structures by side. The rest is shown as it is. */

export interface VolumeRow {
  name: string;
  /** The structures' numbers, where the pipeline gives some. */
  ids: { left?: number; right?: number; middle?: number };
  left?: number;
  right?: number;
  total: number;
  /** Left minus right in per cent of their mean. */
  asymmetry?: number;
  /** Per cent of the intracranial volume. */
  share?: number;
}

export interface Volumes {
  rows: VolumeRow[];
  intracranial?: number;
}

export type Findings = Record<string, unknown>;
const finite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The objects of a list; what is none is left out. */
export const findingsList = (value: unknown): Findings[] =>
  Array.isArray(value) ? (value as unknown[]).filter((one): one is Findings => one !== null && typeof one === "object") : [];

/** `volumes`: rows of `{name, side, ml}`; a structure that is neither left nor right is whole. */
export function volumesOf(findings: Findings | undefined): Volumes {
  const intracranial = finite(findings?.intracranial_ml) ? findings.intracranial_ml : undefined;
  const byName = new Map<string, { left?: number; right?: number; whole?: number; ids: VolumeRow["ids"] }>();
  for (const one of findingsList(findings?.volumes)) {
    if (typeof one.name !== "string" || !finite(one.ml)) continue;
    const sides = byName.get(one.name) ?? { ids: {} };
    const side = one.side === "left" || one.side === "right" ? one.side : "middle";
    sides[side === "middle" ? "whole" : side] = one.ml;
    if (Number.isInteger(one.id)) sides.ids[side] = one.id as number;
    byName.set(one.name, sides);
  }
  const rows = [...byName].map(([name, { left, right, whole, ids }]): VolumeRow => {
    const total = whole ?? (left ?? 0) + (right ?? 0);
    const paired = left !== undefined && right !== undefined && left + right > 0;
    return {
      name, ids, left, right, total,
      asymmetry: paired ? (200 * (left - right)) / (left + right) : undefined,
      share: intracranial ? (100 * total) / intracranial : undefined,
    };
  });
  return { rows, intracranial };
}

/** The structure that readers look for first, or the first one listed. */
export function glanceRow(volumes: Volumes): VolumeRow | undefined {
  return volumes.rows.find((row) => row.name.toLowerCase() === "hippocampus") ?? volumes.rows[0];
}

export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export interface Quality {
  /** Sentences for a person; empty when there is nothing to say. */
  flags: string[];
  /** The pipeline's own mean confidence, 0 to 1. */
  confidence?: number;
  /** Which series was measured, and why that one. */
  series: string;
  seriesReason: string;
}

const words = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

export function qualityOf(findings: Findings | undefined): Quality {
  const flags = Array.isArray(findings?.flags) ? (findings.flags as (Findings | string)[]) : [];
  const series = (findings?.series ?? {}) as Findings;
  return {
    flags: flags.map((flag) => (typeof flag === "string" ? flag : words(flag?.text) || words(flag?.code))).filter(Boolean),
    confidence: finite(findings?.confidence) ? findings.confidence : undefined,
    series: [words(series.number), words(series.description)].filter(Boolean).join(" "),
    seriesReason: words(series.reason),
  };
}
