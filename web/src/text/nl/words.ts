/** Hoe het Nederlands getallen, namen en redenen in woorden zet. */
import { count, decimals, duration } from "../../format/number";
import { number, PRIOR_FROM, trouble, word, type Fields } from "../en/words";
import { structure } from "./structures";
import { told } from "./told";

export const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;
export const images = (n: number) => plural(n, "beeld", "beelden");
export const because = (reason: unknown) => (word(reason) ? `: ${told(word(reason))}` : "");
export const seconds = (value: unknown) => (typeof value === "number" ? duration(value) : "");
export const tail = (error: unknown) => (trouble(error) ? `: ${trouble(error)}` : "");
export const queueName = (queue: unknown) => {
  const [kind, name] = word(queue).split("/");
  if (!name) return word(queue) || "De taak";
  return kind === "export" ? `Verzending naar ${name}` : `Analyse ${name}`;
};
const steps: Record<string, string> = {
  fetching: "inlezen", load: "inlezen", check: "controleren", resample: "herbemonsteren", segment: "segmenteren", clean: "opschonen",
  measure: "meten", "second look": "nog eens kijken", lobes: "schors verdelen", labels: "benoemen",
  prior: "eerdere opname segmenteren", change: "met de eerdere vergelijken", flair: "laesies zoeken", report: "verslag schrijven", objects: "DICOM schrijven", storing: "opslaan",
};
export const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
export const stepName = (step: unknown) => steps[word(step)] ?? word(step).replace(PRIOR_FROM, "eerder onderzoek ophalen uit $1");
export const again = (f: Fields) => (number(f.generation) > 1 ? " opnieuw" : "");
export const way = (f: Fields) => {
  if (f.way === "upload") return f.sender ? `geüpload door ${word(f.sender)}` : "geüpload";
  if (f.way === "result") return "door Larmor gemaakt";
  return f.sender ? `van ${word(f.sender)}` : "ontvangen";
};
export const sideName = (one: { name: string; side: string }) => structure(one.side === "middle" ? one.name : `${one.side} ${one.name}`);
export const side = (mm: number, plus: string, minus: string) => `${mm < 0 ? minus : plus} ${decimals(Math.abs(mm), 0)}`;
