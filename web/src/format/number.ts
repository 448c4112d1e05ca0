/** Figures as people read them, in the reader's own notation. */
import { locale } from "./locale";

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fixed = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });

export const figure = (n: number): string => exact.format(n);

export const count = (n: number): string => whole.format(n);

export const decimals = (value: number, digits: number): string => (fixed[digits] ?? fixed[1]!).format(value);

export const signed = (value: number, digits: number): string => `${value > 0 ? "+" : value < 0 ? "−" : ""}${decimals(Math.abs(value), digits)}`;

/** The pipeline writes figures with a hyphen; a minus is as wide as a plus. */
export const withMinus = (words: string): string => words.replace(/(^|[\s(])-(?=\d)/g, "$1−");

/** Powers of 1000, as disks are sold. */
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let power = 0;
  let value = n;
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${decimals(value, power === 0 || value >= 99.5 ? 0 : 1)} ${units[power]}`;
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 4 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${decimals(seconds, seconds < 0.095 ? 2 : 1).replace(/[.,]0+$/, "")} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
