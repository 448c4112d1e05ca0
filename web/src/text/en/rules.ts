/** The rules, and what they say of a study. */
import { count } from "../../format/number";
import { word } from "./words";

/** Triggers of rules, as they begin a sentence's end. */
const triggers: Record<string, string> = {
  "study.complete": "when a study is complete",
  "study.late": "when images come late",
  "series.complete": "when a series is complete",
};

export const rules = {
  title: "Rules",
  lead: "What is done about a study when it is complete. Rules are kept in a file; a change there is taken up by itself, and a rule with a mistake never is.",
  empty: "No rules are in force",
  emptyHint: "Studies are stored, and nothing else is done with them. Write a file of rules (examples/laptop/rules.yaml is one to start from), and name it in larmor.yaml:",
  emptyExample: "workflow:\n  rules: rules.yaml",
  when: (trigger: string) => triggers[trigger] ?? `on ${trigger}`,
  line: (n: number) => `line ${n}`,
  matched: "matched", skipped: "did not match",
  never: "Not asked yet",
  share: (matched: number, all: number) => `${count(matched)} of ${count(all)} matched`,
  see: "Show these events",
  by: (rule: string) => `by ${rule}`,
  text: (rule: string) => `Rule ${rule} as it is written`,
  ask: "Why did it match, or not?",
  askHint: "Choose a study: each rule says what it makes of it as it is now. Nothing is done.",
  choose: "Find a study by name, ID, accession or description",
  noStudy: (q: string) => `No study matches “${q}”`,
  another: "Another study",
  studyAs: (name: string, description: string, date: string) => [name, description, date].filter(Boolean).join(" · "),
  would: "Would match", wouldNot: "Does not match",
  does: (action: unknown) => {
    const { analyse, send, send_results_to: to } = action as Record<string, unknown>;
    const where = Array.isArray(to) && to.length > 0 ? `, results to ${to.join(" and ")}` : "";
    return analyse ? `Analyse ${word(analyse)}${where}` : send ? `Send to ${word(send)}` : JSON.stringify(action);
  },
  decided: "What was decided",
  decidedHint: "The decisions that stand in the log, with their reasons at the time.",
  undecided: "Nothing has been decided about this study yet.",
  undecidedHint: "Rules are asked when a study is complete.",
  generation: (n: number) => `generation ${n}`,
};
