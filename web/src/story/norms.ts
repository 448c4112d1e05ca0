/** Where the volumes stand among healthy people, as the pipeline found it. */
import { findingsList, type Findings } from "./findings";

/** One volume among healthy people of the same age, sex and head size. Volumes in ml. */
export interface Standing {
  /** The structure's number; 0 for a sum. */
  id: number;
  /** "left hippocampus", "brain" */
  name: string;
  ml: number;
  expected: number;
  /** Between the 5th and the 95th centile lie nine of ten healthy people; a result of an older version has neither. */
  fifth?: number;
  ninetyFifth?: number;
  /** In standard deviations of the healthy; the error is one of the method's. */
  z: number;
  error: number;
  /** 0 to 100, with the range that the error leaves. */
  centile: number;
  low: number;
  high: number;
  /** Between which centiles another table, which knows no head size, puts it. */
  second?: [number, number];
}

export interface Indices {
  brainFraction?: number;
  ventricleToBrain?: number;
  hippocampalAsymmetry?: number;
  ventricularAsymmetry?: number;
}

export interface Norms {
  standings: Standing[];
  /** Why there are none; empty where there are. */
  noneBecause: string;
  method: string;
  age?: number;
  sex: string;
  notes: string[];
  indices: Indices;
}

const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const words = (value: unknown): string => (typeof value === "string" ? value : "");

function standingOf(one: Findings): Standing[] {
  const { id, name, second } = one;
  const [ml, expected, z, error, centile, low, high] = ["ml", "expected_ml", "z", "z_error", "centile", "low", "high"].map((key) => number(one[key]));
  if (!Number.isInteger(id) || typeof name !== "string") return [];
  if ([ml, expected, z, error, centile, low, high].some((value) => value === undefined)) return [];
  const pair = Array.isArray(second) && second.length === 2 && second.every((value) => number(value) !== undefined);
  return [{
    id: id as number, name, ml: ml!, expected: expected!, fifth: number(one.fifth_ml), ninetyFifth: number(one.ninety_fifth_ml),
    z: z!, error: error!, centile: centile!, low: low!, high: high!, second: pair ? (second as [number, number]) : undefined,
  }];
}

/** Undefined where the pipeline compares with nobody. */
export function normsOf(findings: Findings | undefined): Norms | undefined {
  const norms = findings?.norms as Findings | undefined;
  if (norms === null || typeof norms !== "object") return undefined;
  const indices = (norms.indices ?? {}) as Findings;
  return {
    standings: findingsList(norms.structures).flatMap(standingOf),
    noneBecause: words(norms.none_because),
    method: words(norms.method),
    age: number(norms.age),
    sex: words(norms.sex),
    notes: Array.isArray(norms.notes) ? norms.notes.map(words).filter(Boolean) : [],
    indices: {
      brainFraction: number(indices.brain_fraction), ventricleToBrain: number(indices.ventricle_to_brain),
      hippocampalAsymmetry: number(indices.hippocampal_asymmetry_percent), ventricularAsymmetry: number(indices.ventricular_asymmetry_percent),
    },
  };
}

/** The norm over age: one list a centile, one value an age. */
export interface Curves {
  ages: number[];
  centiles: number[];
  structures: { id: number; name: string; ml: number[][] }[];
}

/** Undefined where the file has no such structure, or other lists than one value an age and centile. */
export function curveOf(curves: Curves, of: Standing): { ml: number[][] } | undefined {
  const found = curves.structures.find((one) => one.id === of.id && one.name === of.name);
  return found?.ml.length === 5 && found.ml.every((values) => values.length === curves.ages.length) ? found : undefined;
}

/** Those of one row of the table: its sides, or the whole. */
export const standingsOf = (norms: Norms | undefined, ids: { left?: number; right?: number; middle?: number }): Standing[] =>
  [ids.left, ids.right, ids.middle].flatMap((id) => norms?.standings.filter((one) => one.id !== 0 && one.id === id) ?? []);
