import { describe, expect, it } from "vitest";

import { glanceRow, qualityOf, volumesOf } from "./findings";

const findings = {
  intracranial_ml: 1500,
  volumes: [
    { name: "hippocampus", side: "left", ml: 3 }, { name: "hippocampus", side: "right", ml: 3.3 }, { name: "brainstem", side: "middle", ml: 21 },
    { name: "broken" }, null, { ml: 3 }, { name: "not a number", ml: "3" },
  ],
};

describe("volumes", () => {
  it("pair the sides and leave the midline whole", () => {
    const { rows } = volumesOf(findings);
    expect(rows.map((row) => row.name)).toEqual(["hippocampus", "brainstem"]);
    expect(rows[0]).toMatchObject({ left: 3, right: 3.3, total: 6.3 });
    expect(rows[0]!.asymmetry).toBeCloseTo(-9.52, 2);
    expect(rows[0]!.share).toBeCloseTo(0.42, 5);
    expect(rows[1]).toMatchObject({ left: undefined, right: undefined, total: 21, asymmetry: undefined });
  });

  it("give no share without an intracranial volume", () => {
    expect(volumesOf({ volumes: findings.volumes }).rows[0]!.share).toBeUndefined();
  });

  it("are empty where a pipeline measures none", () => {
    for (const none of [undefined, {}, { volumes: "many" }]) expect(volumesOf(none).rows).toEqual([]);
    expect(glanceRow(volumesOf({}))).toBeUndefined();
  });

  it("are told at a glance by the hippocampus", () => {
    expect(glanceRow(volumesOf({ volumes: [{ name: "brainstem", ml: 21 }, ...findings.volumes] }))?.name).toBe("hippocampus");
  });
});

describe("quality", () => {
  it("is told in the pipeline's own sentences, with the series that was measured", () => {
    expect(qualityOf({ confidence: 0.91, flags: [{ code: "coarse_voxels", text: "voxels are up to 5 mm apart" }], series: { number: 301, description: "T1", reason: "the only T1" } }))
      .toEqual({ flags: ["voxels are up to 5 mm apart"], confidence: 0.91, series: "301 T1", seriesReason: "the only T1" });
    expect(qualityOf({ flags: "none", series: null })).toEqual({ flags: [], confidence: undefined, series: "", seriesReason: "" });
  });
});
