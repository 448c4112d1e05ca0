/** When something happened to Larmor, in the reader's own zone and notation. */
import { locale } from "./locale";

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });

const valid = (rfc3339: string): Date | undefined => {
  const date = new Date(rfc3339);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** "14:03:11". */
export const clockTime = (rfc3339: string): string => {
  const date = valid(rfc3339);
  return date ? clock.format(date) : "";
};

/** "14:03:11" today, "3 Nov, 14:03:11" on another day, with the year where it is another one. */
export function moment(rfc3339: string, now: Date = new Date()): string {
  const date = valid(rfc3339);
  if (!date) return "";
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  return `${(date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date)}, ${clock.format(date)}`;
}

export const dayOf = (rfc3339: string): string => {
  const date = valid(rfc3339);
  return date ? dayAndYear.format(date) : "";
};

/** In full with the zone, and as it stands in the log. */
export const exact = (rfc3339: string): string => {
  const date = valid(rfc3339);
  return date ? `${full.format(date)} (${rfc3339})` : rfc3339;
};
