/** What stands in the address of the list of studies. */
import { isFilter, type Filter } from "./filters";

/** So many days back from today, today counted; a link with it means the same tomorrow. */
export const DAYS = ["1", "7", "30", "365"] as const;
export type Days = (typeof DAYS)[number];

export const MODALITIES = ["MR", "CT", "PT", "NM", "US", "CR", "DX", "MG", "XA", "RF", "OT", "SEG", "SR"] as const;

export interface StudiesSearch {
  q?: string;
  show?: Filter;
  days?: Days;
  /** Study dates, YYYYMMDD. */
  from?: string;
  to?: string;
  modality?: string;
}

const word = (given: unknown, pattern: RegExp): string | undefined => (typeof given === "string" && pattern.test(given) ? given : undefined);

export const studiesSearch = (given: Record<string, unknown>): StudiesSearch => ({
  q: typeof given.q === "string" && given.q !== "" ? given.q : typeof given.q === "number" ? String(given.q) : undefined,
  show: isFilter(given.show) && given.show !== "all" ? given.show : undefined,
  days: DAYS.find((one) => one === given.days),
  from: word(given.from, /^\d{8}$/),
  to: word(given.to, /^\d{8}$/),
  modality: word(given.modality, /^[A-Z]{2,16}$/),
});

/** A day of the reader's own calendar as a DA value. */
export function daysAgo(n: number, today = new Date()): string {
  const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() - n);
  return `${date.getFullYear()}${String(date.getMonth() + 1).padStart(2, "0")}${String(date.getDate()).padStart(2, "0")}`;
}

/** What the server is asked. */
export function questionOf({ q = "", days, from = "", to = "", modality = "" }: StudiesSearch, today?: Date) {
  if (days === undefined) return { q, from, to, modality };
  return { q, from: daysAgo(Number(days) - 1, today), to: "", modality };
}
