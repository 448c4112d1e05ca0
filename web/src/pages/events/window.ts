/**
 * The part of the log that is in memory: a run of events, the newest first, with an end on either side where there is more.
 * It never holds more than MOST: what is read at one end pushes out the other, to be read again by who scrolls back.
 */
import type { Event } from "../../api/types";

export const MOST = 3000;

export interface Window {
  events: Event[];
  /** The number below which older ones are to be read; undefined where the log begins. */
  older?: number;
  /** Newer ones were pushed out, or never read. */
  cutNewer: boolean;
}

export const NOTHING: Window = { events: [], cutNewer: false };

export interface Read {
  items: Event[];
  /** Empty where the log has no more. */
  next?: string;
}

const cursor = (next: string | undefined) => (next ? Number(next) : undefined);

export const opened = (page: Read): Window => ({ events: page.items, older: cursor(page.next), cutNewer: false });

/** Events as they happen, ascending; those that are known are left out. */
export function withNewest(window: Window, fresh: readonly Event[], most = MOST): Window {
  const newest = window.events[0]?.seq ?? 0;
  const added = fresh.filter((event) => event.seq > newest).reverse();
  if (added.length === 0) return window;
  const events = [...added, ...window.events];
  if (events.length <= most) return { ...window, events };
  const kept = events.slice(0, most);
  return { ...window, events: kept, older: kept.at(-1)!.seq };
}

/** A page of what is older, descending. */
export function withOlder(window: Window, page: Read, most = MOST): Window {
  const oldest = window.events.at(-1)?.seq ?? Infinity;
  const events = [...window.events, ...page.items.filter((event) => event.seq < oldest)];
  const cut = events.length > most;
  return { events: cut ? events.slice(-most) : events, older: cursor(page.next), cutNewer: window.cutNewer || cut };
}

/** A page of what is newer than the first, ascending. */
export function withNewer(window: Window, page: Read, most = MOST): Window {
  const filled = withNewest(window, page.items, most);
  return { ...filled, cutNewer: Boolean(page.next) };
}
