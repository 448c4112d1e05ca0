import { describe, expect, it } from "vitest";

import type { Setting } from "../../api/types";
import { yamlLines } from "./yaml";

const setting = (fields: Partial<Setting>): Setting =>
  ({ name: "import.port", kind: "text", value: "", origin: "", default: "", unit: "", restart: true, example: "", why: "", ...fields });

describe("the lines of a setting", () => {
  it("nest as the file does", () => {
    expect(yamlLines(setting({ kind: "integer", value: "11112" }))).toBe("import:\n  port: 11112");
    expect(yamlLines(setting({ name: "export.destinations.*.host", example: "pacs.example" }))).toBe("export:\n  destinations:\n    NAME:\n      host: pacs.example");
  });

  it("quote what YAML would take for something else", () => {
    for (const value of ["", "yes", "a: b", "#x", "- x", "*", "say \"x\""]) expect(yamlLines(setting({ value }))).toBe(`import:\n  port: ${JSON.stringify(value)}`);
    expect(yamlLines(setting({ kind: "boolean", value: "true" }))).toBe("import:\n  port: true");
    expect(yamlLines(setting({ kind: "list", value: "a,b:c" }))).toBe('import:\n  port: [a, "b:c"]');
  });
});
