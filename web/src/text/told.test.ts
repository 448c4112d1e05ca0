import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { sentences } from "./nl/sentences";
import { judged, told } from "./nl/told";

const BRAIN = "services/processing/brain/";
const SOURCES = [...["judge", "pipeline", "prior", "change", "ageing", "norms", "healthy", "quality"].map((name) => `${BRAIN}${name}.cpp`),
  "services/processing/core/priors.cpp", "services/processing/core/identity.cpp", "services/import/core/completeness.cpp", "dicom/series/choose.cpp", "dicom/series/scan.cpp",
  "imaging/registration.cpp", "services/processing/adapters/scans.cpp"];
/** Literals that stand side by side are one; a plural is one of its two forms. */
const server = SOURCES.map((file) => readFileSync(new URL(`../../../src/${file}`, import.meta.url), "utf8")).join("\n")
  .replace(/"\s*\n\s*"/g, "").replaceAll("month{}", "months earlier month").replace("{} slice{} missing", "{} slices are missing");

describe("what the server says, in Dutch", () => {
  it("is what the server's sources say: a sentence that changes there is seen here", () => {
    const strange = sentences.flatMap(([english]) => english.split("{}").map((one) => one.trim().replace(/^[;:,.] ?/, "")).filter((one) => /[a-z]{3}/.test(one) && !server.includes(one)));
    expect(strange).toEqual([]);
  });

  it("covers every flag of the quality of an image", () => {
    const judge = readFileSync(new URL(`../../../src/${BRAIN}judge.cpp`, import.meta.url), "utf8").replace(/"\s*\n\s*"/g, "");
    const rules = [...judge.matchAll(/Rule\{"(\w+)",[^]*?\n {9}"([^"]+)"/g)];
    expect(rules.length).toBeGreaterThan(10);
    for (const [, code, english] of rules) {
      const said = english!.replaceAll("{2}", code === "mass_or_cavity" ? "left; called white matter, brightness 0.82" : "left").replace(/\{\d:[^}]*\}/g, "1.5");
      expect(told(said), code).not.toBe(said);
      expect(told(said), code).toContain("1,5");
    }
  });

  it("tells flags with the structure's name and the reader's comma", () => {
    expect(told("unlikely volume: right cerebral cortex is +6.5 standard deviations off its norm, limit 4")).toBe(
      "onwaarschijnlijk volume: cerebrale cortex rechts ligt +6,5 standaardafwijkingen van de norm, grens 4");
    expect(told("simulated: this scan is made up, wholly or in part")).toBe("gesimuleerd: deze opname is geheel of deels gemaakt");
    expect(told("not a brain: found 312 ml of brain, expected 600 to 2200; only 3 of 12 pairs of structures have a plausible size on both sides, expected 9 or more")).toBe(
      "geen hersenen: 312 ml hersenen gevonden, verwacht 600 tot 2200; slechts 3 van 12 paren structuren hebben aan beide kanten een aannemelijke omvang, verwacht 9 of meer");
  });

  it("tells which prior was chosen and why", () => {
    expect(told("Compared with series 1 'T1 3D' of the study 12 months earlier, from archive: the same with regard to contrast agent, voxels of the same size; it does not tell the scanner model, does not tell the field strength")).toBe(
      "Vergeleken met serie 1 'T1 3D' van het onderzoek 12 maanden eerder, uit archive: gelijk wat contrastmiddel betreft, even grote voxels; het noemt het scannermodel niet, noemt de veldsterkte niet");
    expect(told("No comparison: series 1 'T1 3D' of the study 34 months earlier has another family name")).toBe("Geen vergelijking: serie 1 'T1 3D' van het onderzoek 34 maanden eerder heeft een andere achternaam");
  });

  it("tells why a study is complete and why a rule matched, and leaves the study's own words alone", () => {
    expect(told("nothing arrived for 5.1 s; no association of the sender is open")).toBe("er kwam niets meer in 5,1 s; de verzender heeft geen verbinding open");
    expect(judged("series 1 has Modality MR, SeriesDescription 'has and is absent' matching '*t1*' and 181 instances (>= 20)")).toBe(
      "serie 1 heeft Modality MR, SeriesDescription 'has and is absent' naar '*t1*' en 181 beelden (>= 20)");
    expect(judged("Modality is MR, NumberOfFrames is absent, wanted >= 20 (series 1)")).toBe("Modality is MR, NumberOfFrames ontbreekt, gevraagd >= 20 (serie 1)");
  });

  it("leaves what nobody has translated as it is", () => {
    expect(told("cannot send to ARCHIVE (10.0.0.5:104): connection refused")).toBe("cannot send to ARCHIVE (10.0.0.5:104): connection refused");
  });
});
