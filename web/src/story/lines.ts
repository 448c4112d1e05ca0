/** The log as lines to read: events of one kind that follow each other, as 176 stored images do, become one line. */
import type { Event } from "../api/types";
import { text } from "../text";
import { ordered } from "./derive";
import { eventWords } from "./stepWords";

export interface Line {
  key: string;
  at: string;
  type: string;
  service: string;
  words: string;
  events: Event[];
}

const groupOf = (event: Event): string | undefined => {
  if (!(event.type in text.eventGroups)) return undefined;
  const { series, association, job, way } = event.fields;
  // What one run made is one thing to tell, though each object has a series of its own.
  return (way === "result" ? [event.type, way] : [event.type, series, association, job, way]).map(String).join(" ");
};

/** Series that arrive side by side alternate in the log; an open line takes its events until something else happens. */
export function linesOf(events: readonly Event[]): Line[] {
  const lines: Line[] = [];
  let open = new Map<string, Line>();
  for (const event of ordered(events)) {
    const group = groupOf(event);
    const known = group === undefined ? undefined : open.get(group);
    if (known) {
      known.events.push(event);
      continue;
    }
    if (group === undefined) open = new Map();
    const line: Line = { key: String(event.seq), at: event.at, type: event.type, service: event.service, words: "", events: [event] };
    lines.push(line);
    if (group !== undefined) open.set(group, line);
  }
  for (const line of lines) {
    const last = line.events.at(-1)!;
    const many = text.eventGroups[line.type];
    line.words = line.events.length > 1 && many ? many(line.events.length, last.fields) : eventWords(last.type, last.fields, last.words);
  }
  return lines;
}
