import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { languageOf } from "../format/locale";
import { en } from "./en";
import { nl } from "./nl";

/** Every text by its path. */
function leaves(part: object, path = ""): [string, unknown][] {
  return Object.entries(part).flatMap(([key, value]) => (value !== null && typeof value === "object" ? leaves(value as object, `${path}${key}/`) : [[path + key, value] as [string, unknown]]));
}

describe("the Dutch catalogue", () => {
  const english = new Map(leaves(en));
  const dutch = new Map(leaves(nl));

  it("has every text, and no other", () => {
    expect([...dutch.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, value] of dutch) {
      expect(typeof value, path).toBe(typeof english.get(path));
      if (typeof value === "string" && english.get(path) !== "") expect(value.trim(), path).not.toBe("");
    }
  });

  it("is translated: a whole sentence is nowhere left in English", () => {
    const same = [...dutch].filter(([path, value]) => typeof value === "string" && value.split(" ").length > 3 && value === english.get(path)).map(([path]) => path);
    expect(same).toEqual(["rules/emptyExample", "doctor/command"]);
  });

  it("tells one from many", () => {
    expect([nl.studies.shown(1), nl.studies.shown(2), nl.queue.shown(1), nl.queue.shown(0)]).toEqual(["1 onderzoek", "2 onderzoeken", "1 taak", "0 taken"]);
  });

  it("names a structure as a Dutch radiologist does, with its side behind it, and leaves an unknown one as it is", () => {
    expect(["left cerebral white matter", "brainstem", "right hippocampus", "left upper thing"].map(nl.structure)).toEqual(
      ["cerebrale witte stof links", "hersenstam", "hippocampus rechts", "upper thing links"]);
  });

  it("names the sums of the norms, which no model names, in either language", () => {
    for (const sums of [en.norms.sumNames, nl.norms.sumNames]) expect(Object.keys(sums).sort()).toEqual(["brain", "cerebral cortex", "cerebral white matter", "ventricles"]);
    expect(nl.norms.sumNames["cerebral cortex"]).toBe("Cerebrale cortex, beide zijden");
    const server = readFileSync(new URL("../../../src/services/processing/brain/healthy.cpp", import.meta.url), "utf8");
    expect([...server.matchAll(/ sum\("([a-z ]+)"/g)].map(([, name]) => name).sort()).toEqual(Object.keys(en.norms.sumNames).sort());
  });

  it("tells every event without an empty field", () => {
    for (const [type, words] of Object.entries(nl.events)) expect(words({}).replace(/\s+/g, " "), type).not.toMatch(/undefined|null|NaN|\[object/);
  });
});

describe("the language", () => {
  it("is the one that the reader chose, then the browser's, then English", () => {
    expect(languageOf(["nl", "en-GB"])).toBe("nl");
    expect(languageOf([null, "nl-BE", "en"])).toBe("nl");
    expect(languageOf([null, "fr", "de-CH"])).toBe("en");
    expect(languageOf(["__proto__", "nl"])).toBe("nl");
  });
});
