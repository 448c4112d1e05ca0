/**
 * What the log is filtered by, as it stands in the address: `study`, `type` (several with commas; `job.` stands for all that
 * begin so), and any field of an event under its own name.
 */
import type { EventChoice } from "../../api/calls";

export type EventsSearch = Record<string, string>;

const MOST_FILTERS = 12;
const MOST_LETTERS = 256;

export function eventsSearch(given: Record<string, unknown>): EventsSearch {
  const said = Object.entries(given)
    .map(([name, value]) => [name.trim(), typeof value === "string" || typeof value === "number" ? String(value).trim() : ""] as const)
    .filter(([name, value]) => name !== "" && value !== "" && name.length + value.length <= MOST_LETTERS);
  return Object.fromEntries(said.slice(0, MOST_FILTERS));
}

export function choiceOf({ study, type, ...fields }: EventsSearch): EventChoice {
  return {
    study,
    type: (type ?? "").split(",").map((one) => one.trim()).filter(Boolean),
    field: Object.entries(fields).map(([name, value]) => `${name}:${value}`),
  };
}

/** "rule:brain-t1" as one more filter; a word alone is a type, and what begins like a UID a study. Nothing for nonsense. */
export function parsed(words: string): [name: string, value: string] | undefined {
  const said = words.trim();
  const colon = said.indexOf(":");
  if (colon > 0) {
    const value = said.slice(colon + 1).trim();
    return value ? [said.slice(0, colon).trim(), value] : undefined;
  }
  if (/^\d+(\.\d+)+$/.test(said)) return ["study", said];
  if (/^[a-z_]+\.[a-z_]*$/.test(said)) return ["type", said];
  return /^[a-z_]+$/.test(said) ? ["type", `${said}.`] : undefined;
}
