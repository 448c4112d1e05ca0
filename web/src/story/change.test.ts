import { describe, expect, it } from "vitest";

import { changeOf, earlierOf } from "./change";

const row = { name: "brain", first_ml: 1200, second_ml: 1188, percent: -1.005, per_year_percent: -0.67, error_percent: 0.18 };
const findings = { change: { interval_years: 1.5, structures: [row, { name: "broken" }], warnings: ["another scanner"], ageing: { verdict: "within normal ageing", words: "within normal ageing: -0.67 % a year", sources: ["s"] } } };

describe("the change since the prior", () => {
  it("is told with its verdict, its rows and its warnings", () => {
    expect(changeOf(findings)).toMatchObject({ refused: "", verdict: "within normal ageing", words: "-0.67 % a year", years: 1.5, warnings: ["another scanner"], sources: ["s"],
      rows: [{ name: "brain", first: 1200, second: 1188, percent: -1.005, perYear: -0.67, error: 0.18 }] });
  });

  it("is the reason where there is none, and nothing where nobody looked", () => {
    expect(changeOf({ change: { refused: "two different people" } })).toMatchObject({ refused: "two different people", rows: [], verdict: "" });
    expect(changeOf({ priors: { words: "No earlier scan was found" } })).toMatchObject({ priors: "No earlier scan was found", rows: [] });
    expect(changeOf({ change: { ageing: { verdict: "unknown", words: "the age is not known" } } })).toMatchObject({ verdict: "", words: "the age is not known" });
    expect(changeOf({})).toBeUndefined();
  });

  it("gives the earlier volume of a sum, and of nothing else", () => {
    const change = changeOf(findings);
    expect(earlierOf(change, { id: 0, name: "brain", ml: 1100 })).toEqual({ yearsBefore: 1.5, ml: (1100 * 1200) / 1188 });
    expect(earlierOf(change, { id: 17, name: "left hippocampus", ml: 3 })).toBeUndefined();
    expect(earlierOf(changeOf({ change: { structures: [row] } }), { id: 0, name: "brain", ml: 1100 })).toBeUndefined();
  });
});
