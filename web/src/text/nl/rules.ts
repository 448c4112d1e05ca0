/** De regels, en wat zij van een onderzoek zeggen. */
import type { rules as Rules } from "../en/rules";
import { word } from "../en/words";
import { count } from "../../format/number";

const triggers: Record<string, string> = {
  "study.complete": "als een onderzoek volledig is", "study.late": "als er later beelden komen", "series.complete": "als een serie volledig is",
};

export const rules: typeof Rules = {
  title: "Regels",
  lead: "Wat er met een onderzoek gebeurt als het volledig is. Regels staan in een bestand; een wijziging daar wordt vanzelf overgenomen, een regel met een fout nooit.",
  empty: "Er gelden geen regels",
  emptyHint: "Onderzoeken worden opgeslagen, en verder gebeurt er niets mee. Schrijf een bestand met regels (examples/laptop/rules.yaml is een begin), en noem het in larmor.yaml:",
  emptyExample: "workflow:\n  rules: rules.yaml",
  when: (trigger) => triggers[trigger] ?? `bij ${trigger}`,
  line: (n) => `regel ${n} van het bestand`,
  matched: "paste", skipped: "paste niet",
  never: "Nog niet gevraagd",
  share: (matched, all) => `${count(matched)} van ${count(all)} pasten`,
  see: "Deze gebeurtenissen tonen",
  by: (rule) => `door ${rule}`,
  text: (rule) => `Regel ${rule} zoals hij geschreven is`,
  ask: "Waarom paste hij, of niet?",
  askHint: "Kies een onderzoek: elke regel zegt wat hij ervan vindt zoals het nu is. Er gebeurt niets.",
  choose: "Zoek een onderzoek op naam, nummer, aanvraag of omschrijving",
  noStudy: (q) => `Geen onderzoek past bij “${q}”`,
  another: "Een ander onderzoek",
  studyAs: (name, description, date) => [name, description, date].filter(Boolean).join(" · "),
  would: "Zou passen", wouldNot: "Past niet",
  does: (action) => {
    const { analyse, send, send_results_to: to } = action as Record<string, unknown>;
    const where = Array.isArray(to) && to.length > 0 ? `, resultaten naar ${to.join(" en ")}` : "";
    return analyse ? `Analyseer ${word(analyse)}${where}` : send ? `Verzend naar ${word(send)}` : JSON.stringify(action);
  },
  decided: "Wat er besloten is",
  decidedHint: "De besluiten die in het logboek staan, met hun redenen van toen.",
  undecided: "Over dit onderzoek is nog niets besloten.",
  undecidedHint: "Regels worden gevraagd als een onderzoek volledig is.",
  generation: (n) => `generatie ${n}`,
};
