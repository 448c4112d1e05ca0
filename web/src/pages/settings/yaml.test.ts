import { describe, expect, it } from "vitest";

import { yamlLines, type Line } from "./yaml";

const port = (fields: Partial<Line>): Line => ({ name: "import.port", kind: "text", value: "", ...fields });

describe("the lines of settings", () => {
  it("nest as the file does, and share the lines of a block", () => {
    expect(yamlLines([port({ kind: "integer", value: "11112" })])).toBe("import:\n  port: 11112");
    expect(yamlLines([
      port({ name: "import.ae_title", value: "BRAIN" }), port({ name: "export.destinations.a.port", kind: "integer", value: "104" }),
      port({ name: "export.destinations.a.host", value: "pacs.example" }), port({ name: "export.breaker_cool_s", kind: "seconds", value: "5" }),
    ])).toBe("export:\n  breaker_cool_s: 5\n  destinations:\n    a:\n      host: pacs.example\n      port: 104\nimport:\n  ae_title: BRAIN");
  });

  it("quote what YAML would take for something else", () => {
    for (const value of ["", "yes", "a: b", "#x", "- x", "*", "say \"x\""]) expect(yamlLines([port({ value })])).toBe(`import:\n  port: ${JSON.stringify(value)}`);
    expect(yamlLines([port({ kind: "boolean", value: "true" })])).toBe("import:\n  port: true");
    expect(yamlLines([port({ kind: "list", value: "a,b:c" })])).toBe('import:\n  port: [a, "b:c"]');
  });
});
