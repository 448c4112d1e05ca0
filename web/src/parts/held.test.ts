import { describe, expect, it } from "vitest";

import { arrange } from "./held";

const rows = (...ids: string[]) => ids.map((study) => ({ study }));
const id = (row: { study: string }) => row.study;
const ids = (shown: { study: string }[]) => shown.map((row) => row.study).join("");

describe("the order while a reader points at the list", () => {
  it("is the server's when nobody points", () => {
    expect(arrange(rows("b", "a"), undefined, id)).toEqual({ shown: rows("b", "a"), fresh: 0 });
  });

  it("keeps every row in its place, and counts what is new", () => {
    const { shown, fresh } = arrange(rows("new", "c", "a", "b"), rows("a", "b", "c"), id);
    expect([ids(shown), fresh]).toEqual(["abc", 1]);
  });

  it("appends what a further page brings", () => {
    expect(ids(arrange(rows("a", "b", "c", "d"), rows("a", "b"), id).shown)).toBe("abcd");
  });

  it("leaves what is gone in its place until the pointer goes", () => {
    expect(ids(arrange(rows("a", "c"), rows("a", "b", "c"), id).shown)).toBe("abc");
  });

  it("shows what the server knows newest of a row", () => {
    const changed = { study: "a", instances: 5 };
    expect(arrange([changed], [{ study: "a", instances: 1 }], id).shown[0]).toBe(changed);
  });
});
