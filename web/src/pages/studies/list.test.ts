import { describe, expect, it } from "vitest";

import { derive } from "../../story/derive";
import { belongs, isFilter } from "./filters";
import { arrange } from "./order";

const rows = (...ids: string[]) => ids.map((study) => ({ study }));
const ids = (shown: { study: string }[]) => shown.map((row) => row.study).join("");

describe("the order while a reader points at the list", () => {
  it("is the server's when nobody points", () => {
    expect(arrange(rows("b", "a"), undefined)).toEqual({ shown: rows("b", "a"), fresh: 0 });
  });

  it("keeps every row in its place, and counts what is new", () => {
    const { shown, fresh } = arrange(rows("new", "c", "a", "b"), ["a", "b", "c"]);
    expect([ids(shown), fresh]).toEqual(["abc", 1]);
  });

  it("appends what a further page brings", () => {
    expect(ids(arrange(rows("a", "b", "c", "d"), ["a", "b"]).shown)).toBe("abcd");
  });

  it("drops what is gone", () => {
    expect(ids(arrange(rows("a", "c"), ["a", "b", "c"]).shown)).toBe("ac");
  });

  it("shows what the server knows newest of a row", () => {
    const changed = { study: "a", instances: 5 };
    expect(arrange([changed], ["a"]).shown[0]).toBe(changed);
  });
});

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
