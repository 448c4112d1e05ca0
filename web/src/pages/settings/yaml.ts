/** The lines that set settings, as the configuration file wants them. */
import type { Setting } from "../../api/types";

/** What YAML would read as something else, or as more than one thing, is quoted. */
const quoted = (value: string) =>
  value === "" || value !== value.trim() || /[:#,*&!{}[\]"'|>%@`\\]|^[-?]|^(true|false|yes|no|on|off|null|~)$/i.test(value) ? JSON.stringify(value) : value;

const plain = (kind: Setting["kind"], value: string) => {
  if (kind === "list") return `[${value.split(",").filter(Boolean).map((one) => quoted(one.trim())).join(", ")}]`;
  return kind === "text" ? quoted(value) : value;
};

export type Line = Pick<Setting, "name" | "kind" | "value">;

/** `import.port` as two lines, the second one deeper; settings of one block share its first lines. */
export function yamlLines(settings: readonly Line[]): string {
  const lines: string[] = [];
  let open: string[] = [];
  for (const { name, kind, value } of [...settings].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const parts = name.split(".");
    const block = parts.slice(0, -1);
    let shared = 0;
    while (shared < block.length && block[shared] === open[shared]) shared += 1;
    block.slice(shared).forEach((part, n) => lines.push(`${"  ".repeat(shared + n)}${part}:`));
    lines.push(`${"  ".repeat(block.length)}${parts.at(-1)}: ${plain(kind, value)}`);
    open = block;
  }
  return lines.join("\n");
}
