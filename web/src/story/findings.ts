/** What a pipeline found, as far as the pages understand it: volumes of structures by side. The rest is shown as it is. */

export interface VolumeRow {
  name: string;
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

type Findings = Record<string, unknown>;
const finite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function intracranialOf(findings: Findings): number | undefined {
  for (const name of ["intracranial_ml", "intracranial", "etiv_ml"]) {
    const value = findings[name];
    if (finite(value)) return value;
  }
  return undefined;
}

/** `volumes`: rows of `{name, side?, ml}`; a structure without sides is whole. */
export function volumesOf(findings: Findings | undefined): Volumes {
  const listed = Array.isArray(findings?.volumes) ? (findings.volumes as Findings[]) : [];
  const intracranial = findings ? intracranialOf(findings) : undefined;
  const byName = new Map<string, { left?: number; right?: number; whole?: number }>();
  for (const one of listed) {
    if (one === null || typeof one !== "object" || typeof one.name !== "string" || !finite(one.ml)) continue;
    const sides = byName.get(one.name) ?? {};
    if (one.side === "left" || one.side === "right") sides[one.side] = one.ml;
    else sides.whole = one.ml;
    byName.set(one.name, sides);
  }
  const rows = [...byName].map(([name, { left, right, whole }]): VolumeRow => {
    const total = whole ?? (left ?? 0) + (right ?? 0);
    const paired = left !== undefined && right !== undefined && left + right > 0;
    return {
      name, left, right, total,
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
