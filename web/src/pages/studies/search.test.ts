import { describe, expect, it } from "vitest";

import { questionOf, studiesSearch } from "./search";

describe("the address of the list", () => {
  it("keeps what it knows, and nothing else", () => {
    expect(studiesSearch({ q: "doe", show: "results", days: "7", from: "20260101", modality: "MR", x: "1" })).toEqual({ q: "doe", show: "results", days: "7", from: "20260101", modality: "MR" });
    expect(studiesSearch({ q: "", show: "all", days: "8", from: "2026-01-01", to: "x", modality: "<b>" })).toEqual({});
  });

  it("counts days back from today, across the turn of a month and a year", () => {
    const today = new Date(2026, 0, 3, 12);
    expect(questionOf({ days: "1" }, today)).toMatchObject({ from: "20260103", to: "" });
    expect(questionOf({ days: "7", to: "20250101" }, today)).toMatchObject({ from: "20251228", to: "" });
    expect(questionOf({ from: "20250101", to: "20250131", modality: "CT" }, today)).toEqual({ q: "", from: "20250101", to: "20250131", modality: "CT" });
  });
});
