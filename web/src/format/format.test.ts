import { describe, expect, it } from "vitest";

import { en } from "../text/en";
import { nl } from "../text/nl";
import { dicomAge, dicomDate, dicomTime, modalities, personName } from "./dicom";
import { bytes, duration } from "./number";
import { moment } from "./time";

describe("a DICOM date", () => {
  it("is shown as it was sent in every time zone", () => {
    const zone = process.env.TZ;
    for (const TZ of ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"]) {
      process.env.TZ = TZ;
      expect(dicomDate("20260101")).toBe("2026-01-01");
      expect(dicomDate("19651231")).toBe("1965-12-31");
    }
    process.env.TZ = zone;
  });

  it("stays as it is when it is none", () => {
    for (const odd of ["", "2026", "20261399", "today"]) expect(dicomDate(odd)).toBe(odd);
    expect(dicomDate("2026.11.24")).toBe("2026-11-24");
  });
});

describe("a person's name", () => {
  it("is read in its parts and scripts", () => {
    expect(personName("Yamada^Tarou=山田^太郎=やまだ^たろう")).toEqual({ name: "Yamada, Tarou", others: ["山田, 太郎", "やまだ, たろう"] });
    expect(personName("Adams^John Robert Quincy^^Rev.^B.A. M.Div.")).toEqual({ name: "Adams, Rev. John Robert Quincy B.A. M.Div.", others: [] });
    expect(personName("Doe")).toEqual({ name: "Doe", others: [] });
    expect(personName("=山田^太郎")).toEqual({ name: "山田, 太郎", others: [] });
    expect(personName("")).toEqual({ name: "", others: [] });
  });
});

describe("figures", () => {
  it("read as people write them", () => {
    expect([0, 999, 1000, 24_640_000, 999_600].map(bytes)).toEqual(["0 B", "999 B", "1.0 kB", "24.6 MB", "1.0 MB"]);
    expect([0.04, 0.21, 5, 59.7, 60, 185, 3600, 7440].map(duration)).toEqual(["0.04 s", "0.2 s", "5 s", "1 min", "1 min", "3 min 5 s", "1 h", "2 h 4 min"]);
    expect([dicomAge("045Y"), dicomAge("006M"), dicomAge("old")]).toEqual([{ n: 45, unit: "Y" }, { n: 6, unit: "M" }, undefined]);
    expect([en.study.ageOf("045Y"), nl.study.ageOf("045Y"), nl.study.ageOf("006M"), nl.study.ageOf("old")]).toEqual(["45 y", "45 jaar", "6 mnd", "old"]);
    expect([dicomTime("081530.25"), dicomTime("")]).toEqual(["08:15", ""]);
    expect(modalities("MR\\SEG\\ SR")).toEqual(["MR", "SEG", "SR"]);
  });

  it("name the day of a moment only where it is another one", () => {
    const now = new Date(2026, 10, 24, 12);
    expect(moment(new Date(2026, 10, 24, 9, 5, 7).toISOString(), now)).not.toMatch(/24/);
    expect(moment(new Date(2026, 10, 23, 9, 5, 7).toISOString(), now)).toMatch(/23/);
    expect(moment(new Date(2025, 10, 23, 9, 5, 7).toISOString(), now)).toMatch(/2025/);
    expect(moment("never", now)).toBe("");
  });
});
