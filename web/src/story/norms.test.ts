import { describe, expect, it } from "vitest";

import { curveOf, normsOf, standingsOf } from "./norms";
import { lesionsOf, lobesOf } from "./tables";

const one = { id: 17, name: "left hippocampus", ml: 3.4, expected_ml: 3.9, fifth_ml: 3.2, ninety_fifth_ml: 4.6, z: -1.2, z_error: 0.5, centile: 11.5, low: 4.5, high: 24.2, second: [5, 25] };
const findings = { norms: { age: 71, sex: "F", method: "NOMIS", notes: [], structures: [one, { ...one, id: 53, name: "right hippocampus" }, { ...one, id: 0, name: "brain", second: undefined }], indices: { brain_fraction: 0.77 } } };

describe("norms", () => {
  it("are read with what belongs to each volume", () => {
    const norms = normsOf(findings)!;
    expect(norms.standings[0]).toEqual({ id: 17, name: "left hippocampus", ml: 3.4, expected: 3.9, fifth: 3.2, ninetyFifth: 4.6, z: -1.2, error: 0.5, centile: 11.5, low: 4.5, high: 24.2, second: [5, 25] });
    expect(norms.standings[2]!.second).toBeUndefined();
    expect(norms).toMatchObject({ age: 71, sex: "F", noneBecause: "", indices: { brainFraction: 0.77, ventricleToBrain: undefined } });
  });

  it("tell why there are none, and leave out what is broken", () => {
    expect(normsOf({ norms: { none_because: "this is a child of 12" } })).toMatchObject({ standings: [], noneBecause: "this is a child of 12" });
    expect(normsOf({ norms: { structures: [{ ...one, z: null }, null, "x"] } })!.standings).toEqual([]);
    for (const none of [undefined, {}, { norms: null }, { norms: "no" }]) expect(normsOf(none)).toBeUndefined();
  });

  it("belong to a row by the structures' numbers, the left side first; a sum to none", () => {
    const norms = normsOf(findings);
    expect(standingsOf(norms, { right: 53, left: 17 }).map((standing) => standing.id)).toEqual([17, 53]);
    expect(standingsOf(norms, { middle: 0 })).toEqual([]);
  });

  it("have a curve where the file has all of it", () => {
    const standing = normsOf(findings)!.standings[0]!;
    const curves = (ml: number[][]) => ({ ages: [18, 20], centiles: [5, 25, 50, 75, 95], structures: [{ id: 17, name: "left hippocampus", ml }] });
    expect(curveOf(curves(Array(5).fill([1, 2])), standing)?.ml).toHaveLength(5);
    expect(curveOf(curves(Array(5).fill([1])), standing)).toBeUndefined();
    expect(curveOf(curves([]), standing)).toBeUndefined();
  });
});

describe("the shorter tables", () => {
  it("pair the lobes, or say why there are none", () => {
    expect(lobesOf({ lobes: [{ name: "insula", side: "left", ml: 7.9 }, { name: "insula", side: "right", ml: 7.1 }, { name: "insula" }, 3] })!.rows).toEqual([{ name: "insula", left: 7.9, right: 7.1 }]);
    expect(lobesOf({ lobes: { none_because: "the cortex is cut" } })).toEqual({ rows: [], noneBecause: "the cortex is cut" });
    expect(lobesOf({})).toBeUndefined();
  });

  it("tell lesions, their change, or why neither was measured", () => {
    const older = { ml: 0.3, centre_mm: [1, 2, 3] };
    const fresh = { ml: 0.2, side: "left", place: "deep", kind: "new" };
    expect(lesionsOf({ lesions: { count: 2, ml: 0.5, lesions: [older, fresh, {}], change: { new: 1, grown: 0 } } })).toEqual({
      refused: "", series: "", count: 2, ml: 0.5, fresh: 1, grown: 0, changeRefused: "",
      lesions: [{ ...fresh, centre: undefined }, { ml: 0.3, centre: [1, 2, 3], side: "", place: "", kind: "" }],
    });
    expect(lesionsOf({ lesions: { refused: "slices are 6 mm apart" } })!.refused).toBe("slices are 6 mm apart");
    expect(lesionsOf(undefined)).toBeUndefined();
  });
});
