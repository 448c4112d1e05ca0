/** The change since the prior. */
import { decimals, signed, withMinus } from "../../format/number";
import type { Pace } from "../../story/change";
import { sentence } from "./words";

const interval = (years: number) => (years < 1.95 ? `${decimals(12 * years, 0)} months` : `${decimals(years, 1)} years`);
const percent = (value: number) => `${signed(value, 2)}%`;
const range = (low: number, high: number) => `${signed(low, 2)} to ${signed(high, 2)}%`;
const verdicts: Record<string, string> = {
  "faster than normal ageing": "Faster than normal ageing", "within normal ageing": "Within normal ageing",
  "not distinguishable": "Not distinguishable from normal ageing",
};

export const change = {
  title: "Since the prior",
  interval: (years: number | undefined) => (years === undefined ? "" : `${interval(years)} between the scans`),
  verdict: (verdict: string) => verdicts[verdict] ?? verdict,
  noVerdict: "No verdict",
  words: (why: string) => sentence(withMinus(why)),
  pace: ({ perYear, low, high, expected, limit }: Pace, age: number) =>
    `${percent(perYear)} a year (95% range ${range(low, high)}); at ${age} years ${percent(expected)} is expected, and 95 of 100 healthy people stay above ${percent(limit)}.`,
  paceShort: ({ perYear, expected }: Pace, age: number) => `${percent(perYear)} a year; ${percent(expected)} is expected at ${age}`,
  notCompared: "Not compared; the reason stands below",
  refused: (why: string) => `Not compared with the prior: ${why}.`,
  caption: "Volumes in both scans and their change",
  columns: { structure: "Structure", first: "Prior", second: "Now", percent: "Change", perYear: "A year", error: "95% range" },
  percentHint: "Of the mean of both volumes; negative is loss",
  errorHint: "The measured change with 1.96 standard deviations of the method, from simulated visits. The bar shows it around zero.",
  names: { brain: "Brain", ventricles: "Ventricles", hippocampi: "Hippocampi", cortex: "Cortex" } as Record<string, string>,
  percent, range,
  openPrior: "Open the prior",
  method: "How it is measured",
  sources: (all: string[]) => `Normal ageing after ${all.join("; ")}.`,
  images: {
    title: "Both scans side by side",
    show: "Show both scans side by side", hide: "Hide the scans",
    prior: "Prior", now: "Now", map: "Change",
    plane: "Plane",
    bar: (full: number) => `Local change in per cent, from ${full} lost to ${full} grown or more`,
    loss: "loss", growth: "growth",
    hint: "Averaged over 8 mm. Single spots are noise: only what the table sums up has an error. The crosshair is one place in all three.",
    absent: "The prior's images are not among this result's files; a new analysis writes them.",
  },
};
