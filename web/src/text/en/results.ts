/** A result: volumes among healthy people, lobes and lesions. */
import { count, decimals } from "../../format/number";
import { plural } from "./words";

const ordinal = (n: number): string => {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${["th", "st", "nd", "rd"][last] ?? "th"}`;
};
const centile = (c: number) => (c < 1 ? "<1" : c > 99 ? ">99" : String(Math.round(c)));
const centileWord = (c: number) => (c < 1 ? "below the 1st centile" : c > 99 ? "above the 99th centile" : `${ordinal(Math.round(c))} centile`);
const sexes: Record<string, string> = { F: "women", M: "men" };
export const ml = (value: number) => decimals(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);

export const norms = {
  column: "Among healthy people",
  columnSides: "L | R",
  centileWord,
  columnHint: "The grey band holds nine of ten healthy people of this age, sex and head size; the tick is their middle. L and R are this patient's sides.",
  centile,
  standing: (name: string, c: number, low: number, high: number) => `${name}: ${centileWord(c)}, range ${centile(low)} to ${centile(high)}`,
  place: (c: number) => `${centileWord(c)} among healthy people`,
  show: (names: string) => `${names}. Show the norm by age`,
  sums: "Sums",
  sumNames: { brain: "Brain without ventricles", ventricles: "Ventricles", "cerebral cortex": "Cerebral cortex, both sides", "cerebral white matter": "Cerebral white matter, both sides" } as Record<string, string>,
  reference: (sex: string, age: number | undefined) =>
    `Compared with healthy ${sexes[sex] ?? "adults"}${age === undefined ? "" : ` of ${age} years`} with a head of this size.`,
  none: (why: string) => `Not compared with healthy people: ${why}.`,
  method: "How the centiles are made",
  chart: {
    title: (name: string) => `${name} by age`,
    age: "Age in years", volume: "Volume in ml",
    now: "now", prior: "prior",
    band: "5th to 95th centile", inner: "25th to 75th centile", middle: "middle of the healthy",
    point: (value: number, c: number, low: number, high: number) => `${ml(value)} ml, ${centileWord(c)} (${centile(low)} to ${centile(high)})`,
    expected: (value: number) => `Expected at this age and head size: ${ml(value)} ml`,
    second: (low: number, high: number) => `A second table, which knows no head size (NiChart), puts it between the ${ordinal(low)} and the ${ordinal(high)} centile.`,
    table: "The curves as a table",
    centileColumn: (n: number) => `${ordinal(n)}`,
    absent: "The curves are not among this result's files; a new analysis writes them.",
    failed: (why: string) => `The curves cannot be read: ${why}`,
    loading: "Loading the curves",
  },
  indices: {
    title: "Indices",
    brainFraction: "Brain parenchymal fraction", brainFractionHint: "Brain without ventricles, of the intracranial volume",
    ventricleToBrain: "Ventricle to brain ratio", ventricleToBrainHint: "Ventricles over brain",
    hippocampalAsymmetry: "Hippocampal asymmetry", ventricularAsymmetry: "Ventricular asymmetry",
    asymmetryHint: "Left minus right, in per cent of their mean",
    share: (value: number) => decimals(value, 3),
  },
};

export const lobes = {
  title: "Cortex by lobe",
  none: (why: string) => `No lobes: ${why}.`,
};

export const lesions = {
  title: "White-matter lesions",
  found: (n: number, volume: number) => (n === 0 ? "None found" : `${plural(n, "lesion")}, ${ml(volume)} ml together`),
  since: (fresh: number, grown: number) => `${plural(fresh, "new one", "new ones")}, ${count(grown)} grown since the prior`,
  refused: (why: string) => `Not measured: ${why}.`,
  sinceRefused: (why: string) => `Not compared with the prior: ${why}.`,
  on: (series: string) => `on ${series}`,
  volume: "ml", place: "Place", prior: "Change",
  list: "The lesions one by one",
  largest: (n: number) => `The ${count(n)} largest are listed.`,
  lies: (side: string, place: string) => [side === "middle" ? "" : side, place === "deep" ? "deep white matter" : place].filter(Boolean).join(", "),
  unplaced: "Somewhere",
  goTo: (place: string) => `Show it in the images, at ${place}`,
  kinds: { new: "new", grown: "grown" } as Record<string, string>,
  lines: { "": "Lesion", new: "New lesion", grown: "Grown lesion" },
};

export const feedback = {
  open: "Outline is wrong here",
  about: (structure: string, place: string) => `About ${structure || "this place"} at ${place}`,
  words: "What is wrong?",
  hint: "It is kept in the event log with the model's version. No names of patients, please.",
  send: "Send", cancel: "Cancel",
  kept: "Kept. Thank you.",
  failed: (why: string) => `Not kept: ${why}`,
  title: "What readers said",
  goTo: (place: string) => `Go to ${place}`,
  whole: "the result",
};

export const actions = {
  title: "Once more",
  again: "Analyse again with", start: "Start",
  queued: "It waits for a worker; its result appears here.",
  sendTo: "Send the results to", send: "Send",
  sent: (n: number, where: string) => `${plural(n, "object")} wait to be sent to ${where}.`,
  nowhere: "No destination is set up.",
  failed: (why: string) => `Not done: ${why}`,
};
