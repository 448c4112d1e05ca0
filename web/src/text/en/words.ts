/** How English puts figures, names and reasons into words; every part of the catalogue draws on these. */
import { count, decimals, duration } from "../../format/number";

export type Fields = Record<string, unknown>;

export const word = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
export const number = (value: unknown): number => (typeof value === "number" ? value : Array.isArray(value) ? value.length : 0);
export const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
export const images = (n: number) => plural(n, "image");
export const because = (reason: unknown) => (word(reason) ? `: ${word(reason)}` : "");
export const seconds = (value: unknown) => (typeof value === "number" ? duration(value) : "");
/** Errors travel as text or as problem details. */
export const trouble = (value: unknown): string => {
  if (value !== null && typeof value === "object") {
    const { what, detail } = value as Fields;
    return word(what ?? detail);
  }
  return word(value);
};
export const tail = (error: unknown) => (trouble(error) ? `: ${trouble(error)}` : "");
export const queueName = (queue: unknown) => {
  const [kind, name] = word(queue).split("/");
  if (!name) return word(queue) || "The job";
  return kind === "export" ? `Delivery to ${name}` : `Analysis ${name}`;
};
/** Steps of the pipelines that come with Larmor; another pipeline's are told as it names them. */
const steps: Record<string, string> = {
  fetching: "reading", load: "reading", check: "checking", resample: "resampling", segment: "segmenting", clean: "cleaning up",
  measure: "measuring", "second look": "looking a second time", lobes: "dividing the cortex", labels: "labelling",
  prior: "segmenting the prior", change: "comparing with the prior", flair: "looking for lesions", report: "writing the report", objects: "writing DICOM", storing: "storing",
};
export const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
/** The one step that names an archive. */
export const PRIOR_FROM = /^fetching an earlier study from (.+)$/;
export const stepName = (step: unknown) => steps[word(step)] ?? word(step).replace(PRIOR_FROM, "fetching the prior from $1");
export const again = (f: Fields) => (number(f.generation) > 1 ? " again" : "");
export const way = (f: Fields) => {
  if (f.way === "upload") return f.sender ? `uploaded by ${word(f.sender)}` : "uploaded";
  if (f.way === "result") return "made by Larmor";
  return f.sender ? `from ${word(f.sender)}` : "received";
};

export const sideName = (one: { name: string; side: string }) => (one.side === "middle" ? one.name : `${one.side} ${one.name}`);

export const side = (mm: number, plus: string, minus: string) => `${mm < 0 ? minus : plus} ${decimals(Math.abs(mm), 0)}`;
