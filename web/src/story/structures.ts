/** The structures that a result has outlines of: which voxel value is what, in the colours of the report. */
import { findingsList, type Findings } from "./findings";

export interface Structure {
  /** Voxel value in the label volume. */
  id: number;
  name: string;
  side: "left" | "right" | "middle";
  ml: number;
  /** "#rrggbb" */
  colour: string;
}

/** Both sides of one name; they share a colour. */
export interface StructureGroup {
  name: string;
  colour: string;
  members: Structure[];
}

/** Those with a number and a colour; a result of an older version has none. */
export function structuresOf(findings: Findings | undefined): Structure[] {
  return findingsList(findings?.volumes).flatMap((one) => {
    const { id, name, side, ml, colour } = one;
    if (!Number.isInteger(id) || typeof name !== "string" || typeof ml !== "number" || typeof colour !== "string") return [];
    if (!/^#[0-9a-f]{6}$/i.test(colour)) return [];
    return [{ id: id as number, name, side: side === "left" || side === "right" ? side : "middle", ml, colour }];
  });
}

export function groupsOf(structures: Structure[]): StructureGroup[] {
  const groups = new Map<string, StructureGroup>();
  for (const one of structures) {
    const group = groups.get(one.name) ?? { name: one.name, colour: one.colour, members: [] };
    group.members.push(one);
    groups.set(one.name, group);
  }
  return [...groups.values()];
}
