/** What a setting is changed with, by its kind. What is wrong is said by the server, below the field. */
import { TextInput } from "@mantine/core";

import type { Setting } from "../../api/types";
import { text } from "../../text";
import classes from "./Field.module.css";

const words = text.settings;
const NUMBERS: Setting["kind"][] = ["integer", "seconds"];

interface FieldProps {
  setting: Setting;
  value: string;
  error?: string;
  onChange(value: string): void;
}

export function Field({ setting: { name, kind, unit, example }, value, error, onChange }: FieldProps) {
  if (kind === "boolean")
    return (
      <label className={classes.switch}>
        <input type="checkbox" role="switch" aria-label={name} checked={value === "true"} onChange={(event) => onChange(String(event.target.checked))} />
        <span aria-hidden="true">{value === "true" ? words.on : words.off}</span>
      </label>
    );
  return (
    <TextInput className={NUMBERS.includes(kind) ? classes.number : classes.text} size="xs" aria-label={name} value={value} error={error} spellCheck={false} autoComplete="off"
      placeholder={example ? `${words.example} ${example}` : words.empty} inputMode={NUMBERS.includes(kind) ? "decimal" : undefined}
      rightSection={unit ? <span className={classes.unit}>{unit}</span> : undefined} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
