/** Every call that the pages make is in a pact; a new one without is noticed here. */
import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import * as accounts from "../src/api/accounts";
import * as calls from "../src/api/calls";

const HERE = new URL("./", import.meta.url);
const pacts = readdirSync(HERE).filter((name) => name.endsWith(".pact.test.ts")).map((name) => readFileSync(new URL(name, HERE), "utf8")).join("\n");

/** These only make an address, which the browser follows. */
const ADDRESSES = ["eventStream", "streamAddress", "fileAddress", "objectAddress"];

describe("the pacts", () => {
  it.each(Object.entries({ calls, accounts }))("name every call of api/%s.ts", (module, functions) => {
    const made = Object.entries(functions).filter(([, value]) => typeof value === "function").map(([name]) => name);
    expect(made.filter((name) => !ADDRESSES.includes(name) && !new RegExp(`\\b${module}\\.${name}\\(`).test(pacts))).toEqual([]);
  });
});
