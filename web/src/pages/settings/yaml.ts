/** The lines that set a setting, as the configuration file wants them. */
import type { Setting } from "../../api/types";

/** What YAML would read as something else, or as more than one thing, is quoted. */
const quoted = (value: string) =>
  value === "" || value !== value.trim() || /[:#,*&!{}[\]"'|>%@`\\]|^[-?]|^(true|false|yes|no|on|off|null|~)$/i.test(value) ? JSON.stringify(value) : value;

const plain = (setting: Setting, value: string) => {
  if (setting.kind === "list") return `[${value.split(",").filter(Boolean).map((one) => quoted(one.trim())).join(", ")}]`;
  return setting.kind === "text" ? quoted(value) : value;
};

/** `import.port` as two lines, the second one deeper; a name that the site chooses is left as NAME. */
export function yamlLines(setting: Setting): string {
  const parts = setting.name.replace("*", "NAME").split(".");
  const value = plain(setting, setting.value || setting.example || setting.default);
  return parts.map((part, depth) => `${"  ".repeat(depth)}${part}:${depth === parts.length - 1 ? ` ${value}` : ""}`).join("\n");
}
