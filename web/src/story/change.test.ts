import { describe, expect, it } from "vitest";

import { nl } from "../text/nl";
import { changeOf, earlierOf } from "./change";

const row = { name: "brain", first_ml: 1200, second_ml: 1188, percent: -1.005, per_year_percent: -0.67, error_percent: 0.18 };
const findings = { change: { interval_years: 1.5, structures: [row, { name: "broken" }], warnings: ["another scanner"], ageing: { verdict: "within normal ageing", words: "within normal ageing: -0.67 % a year", sources: ["s"] } } };

describe("the change since the prior", () => {
  it("is told with its verdict, its rows and its warnings", () => {
    expect(changeOf(findings)).toMatchObject({ refused: "", verdict: "within normal ageing", words: "-0.67 % a year", years: 1.5, warnings: ["another scanner"], sources: ["s"],
      rows: [{ name: "brain", first: 1200, second: 1188, percent: -1.005, perYear: -0.67, error: 0.18 }] });
  });

  it("gives the figures of the verdict, a year, where the pipeline told what healthy people lose", () => {
    const paced = { change: { ...findings.change, ageing: { ...findings.change.ageing,
      per_year_percent: -0.67, low_per_year_percent: -0.9052, high_per_year_percent: -0.4348, expected_per_year_percent: -0.45, limit_per_year_percent: -0.69 } } };
    const pace = changeOf(paced)!.pace!;
    expect(pace).toEqual({ perYear: -0.67, low: -0.9052, high: -0.4348, expected: -0.45, limit: -0.69 });
    expect(changeOf(findings)!.pace).toBeUndefined();
    expect(nl.change.pace(pace, 61)).toBe("−0.67% per jaar (95%-bereik −0.91 tot −0.43%); op 61 jaar is −0.45% te verwachten, en 95 van de 100 gezonde mensen blijven boven −0.69%.");
  });

  it("names the study that was compared with", () => {
    expect(changeOf({ priors: { words: "Compared with series 1", chosen: { study: "1.2.9" } } })).toMatchObject({ priorStudy: "1.2.9" });
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
