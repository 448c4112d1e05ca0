import { describe, expect, it } from "vitest";

import { Parser, type Message } from "./sse";

const parse = (...pieces: string[]): Message[] => {
  const parser = new Parser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe("server-sent events", () => {
  it("are the same however the wire cuts them", () => {
    const wire = 'id: 7\ndata: {"a":1}\n\n: still here\n\nid: 8\nevent: x\ndata: one\ndata: two\n\n';
    const whole = parse(wire);
    expect(whole).toEqual([{ id: "7", event: "message", data: '{"a":1}' }, { id: "8", event: "x", data: "one\ntwo" }]);
    for (let cut = 0; cut <= wire.length; cut += 1) expect(parse(wire.slice(0, cut), wire.slice(cut))).toEqual(whole);
    expect(parse(...wire)).toEqual(whole);
  });

  it("may end their lines in any of the three ways", () => {
    for (const end of ["\n", "\r\n", "\r"]) expect(parse(`data: a${end}${end}`, `data: b${end}${end}`, `data: c${end}${end}:${end}`).map((one) => one.data)).toEqual(["a", "b", "c"]);
  });

  it("are not told before they are whole", () => {
    expect(parse("data: half")).toEqual([]);
    expect(parse("data: half\n")).toEqual([]);
    expect(parse(": comment\n\n", "retry: 10\n\n")).toEqual([]);
  });
});
