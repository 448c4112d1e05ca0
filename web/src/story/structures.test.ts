import { describe, expect, it } from "vitest";

import { groupsOf, structuresOf } from "./structures";

const findings = {
  volumes: [
    { id: 17, name: "hippocampus", side: "left", ml: 3.4, colour: "#f5d235" },
    { id: 53, name: "hippocampus", side: "right", ml: 3.9, colour: "#f5d235" },
    { id: 16, name: "brainstem", side: "middle", ml: 20.9, colour: "#7f9db9" },
  ],
};

describe("structures with outlines", () => {
  it("are those with a number and a colour, and nothing of a result without", () => {
    expect(structuresOf(findings).map((one) => one.id)).toEqual([17, 53, 16]);
    expect(structuresOf({ volumes: [{ name: "hippocampus", side: "left", ml: 3 }, null, { ...findings.volumes[0], colour: "red" }] })).toEqual([]);
    expect(structuresOf(undefined)).toEqual([]);
  });

  it("are grouped by name", () => {
    expect(groupsOf(structuresOf(findings)).map((one) => [one.name, one.members.length])).toEqual([["hippocampus", 2], ["brainstem", 1]]);
  });
});
