import { describe, expect, it } from "vitest";

import { derive } from "../../story/derive";
import { belongs, isFilter } from "./filters";

describe("the filter", () => {
  it("shows a study whose story is not read yet", () => {
    expect(belongs("attention", undefined)).toBe(true);
  });

  it("tells arriving studies from those that need a person", () => {
    const arriving = derive([]);
    expect([belongs("active", arriving), belongs("attention", arriving), belongs("results", arriving)]).toEqual([true, false, false]);
  });

  it("does not take any word from the address", () => {
    expect([isFilter("active"), isFilter("drop table"), isFilter(undefined)]).toEqual([true, false, false]);
  });
});
