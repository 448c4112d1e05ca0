import { describe, expect, it } from "vitest";

import type { Setting } from "../../api/types";
import { familyOf, mayBeNamed, withNamed } from "./named";

const setting = (name: string): Setting => ({ name, kind: "text", value: "", origin: "", default: "", unit: "", restart: true, example: "", why: "" });
const settings = ["export.destinations.*.host", "export.destinations.*.port", "export.destinations.archive.host", "http.port"].map(setting);

describe("settings that the site names", () => {
  it("belong to what stands before the name", () => {
    expect(settings.map(familyOf)).toEqual(["export.destinations", "export.destinations", undefined, undefined]);
  });

  it("are there for each name, in order", () => {
    expect(withNamed(settings, [["export.destinations", "lab"]]).map((one) => one.name)).toEqual(
      ["export.destinations.archive.host", "export.destinations.lab.host", "export.destinations.lab.port", "http.port"]);
  });

  it("take one word, once", () => {
    expect(mayBeNamed(settings, "export.destinations", "lab")).toBe(true);
    for (const name of ["archive", "", "a.b", "a b", "x".repeat(65)]) expect(mayBeNamed(settings, "export.destinations", name)).toBe(false);
  });
});
