/** Een resultaat: volumes tussen gezonde mensen, kwabben en laesies. */
import type { actions as Actions, feedback as Feedback, lesions as Lesions, lobes as Lobes, norms as Norms } from "../en/results";
import { count, decimals } from "../../format/number";
import { told } from "./told";
import { plural } from "./words";

const centile = (c: number) => (c < 1 ? "<1" : c > 99 ? ">99" : String(Math.round(c)));
const centileWord = (c: number) => (c < 1 ? "onder het 1e percentiel" : c > 99 ? "boven het 99e percentiel" : `${Math.round(c)}e percentiel`);
const sexes: Record<string, string> = { F: "vrouwen", M: "mannen" };
export const ml = (value: number) => decimals(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);

export const norms: typeof Norms = {
  column: "Tussen gezonde mensen",
  columnSides: "L | R",
  centileWord,
  columnHint: "In de grijze band vallen negen van de tien gezonde mensen van deze leeftijd, dit geslacht en deze hoofdgrootte; het streepje is hun midden. L en R zijn de kanten van deze patiënt.",
  centile,
  standing: (name, c, low, high) => `${name}: ${centileWord(c)}, bereik ${centile(low)} tot ${centile(high)}`,
  place: (c) => `${centileWord(c)} onder gezonde mensen`,
  show: (names) => `${names}. Toon de norm naar leeftijd`,
  sums: "Sommen",
  sumNames: { brain: "Hersenen zonder ventrikels", ventricles: "Ventrikels", "cerebral cortex": "Cerebrale cortex, beide zijden", "cerebral white matter": "Cerebrale witte stof, beide zijden" },
  reference: (sex, age) => `Vergeleken met gezonde ${sexes[sex] ?? "volwassenen"}${age === undefined ? "" : ` van ${age} jaar`} met een hoofd van deze grootte.`,
  none: (why) => `Niet vergeleken met gezonde mensen: ${told(why)}.`,
  method: "Hoe de percentielen worden gemaakt",
  chart: {
    title: (name) => `${name} naar leeftijd`,
    age: "Leeftijd in jaren", volume: "Volume in ml",
    now: "nu", prior: "eerder",
    band: "5e tot 95e percentiel", inner: "25e tot 75e percentiel", middle: "midden van de gezonden",
    point: (value, c, low, high) => `${ml(value)} ml, ${centileWord(c)} (${centile(low)} tot ${centile(high)})`,
    expected: (value) => `Verwacht bij deze leeftijd en hoofdgrootte: ${ml(value)} ml`,
    second: (low, high) => `Een tweede tabel, die geen hoofdgrootte kent (NiChart), zet het tussen het ${low}e en het ${high}e percentiel.`,
    table: "De krommen als tabel",
    centileColumn: (n) => `${n}e`,
    absent: "De krommen zijn niet bij de bestanden van dit resultaat; een nieuwe analyse schrijft ze.",
    failed: (why) => `De krommen kunnen niet worden gelezen: ${why}`,
    loading: "Krommen laden",
  },
  indices: {
    title: "Indices",
    brainFraction: "Fractie hersenparenchym", brainFractionHint: "Hersenen zonder ventrikels, van het intracraniële volume",
    ventricleToBrain: "Verhouding ventrikels tot hersenen", ventricleToBrainHint: "Ventrikels gedeeld door hersenen",
    hippocampalAsymmetry: "Asymmetrie van de hippocampus", ventricularAsymmetry: "Asymmetrie van de ventrikels",
    asymmetryHint: "Links min rechts, in procent van hun gemiddelde",
    share: (value) => decimals(value, 3),
  },
};

export const lobes: typeof Lobes = {
  title: "Cortex per kwab",
  none: (why) => `Geen kwabben: ${told(why)}.`,
};

const sides: Record<string, string> = { left: "links", right: "rechts" };
const places: Record<string, string> = { periventricular: "periventriculair", juxtacortical: "juxtacorticaal", deep: "diepe witte stof" };

export const lesions: typeof Lesions = {
  title: "Witte-stoflaesies",
  found: (n, volume) => (n === 0 ? "Geen gevonden" : `${plural(n, "laesie", "laesies")}, samen ${ml(volume)} ml`),
  since: (fresh, grown) => `${plural(fresh, "nieuwe", "nieuwe")}, ${count(grown)} gegroeid sinds het vorige onderzoek`,
  refused: (why) => `Niet gemeten: ${told(why)}.`,
  sinceRefused: (why) => `Niet vergeleken met het vorige onderzoek: ${told(why)}.`,
  on: (series) => `op ${series}`,
  volume: "ml", place: "Plaats", prior: "Verandering",
  list: "De laesies een voor een",
  largest: (n) => `De ${count(n)} grootste staan in de lijst.`,
  lies: (side, place) => [sides[side] ?? "", places[place] ?? place].filter(Boolean).join(", "),
  unplaced: "Ergens",
  goTo: (place) => `Toon haar in de beelden, op ${place}`,
  kinds: { new: "nieuw", grown: "gegroeid" },
  lines: { "": "Laesie", new: "Nieuwe laesie", grown: "Gegroeide laesie" },
};

export const feedback: typeof Feedback = {
  open: "Omtrek klopt hier niet",
  about: (structure, place) => `Over ${structure || "deze plaats"} op ${place}`,
  words: "Wat klopt er niet?",
  hint: "Het wordt in het logboek bewaard, met de versie van het model. Geen namen van patiënten, alstublieft.",
  send: "Versturen", cancel: "Annuleren",
  kept: "Bewaard. Dank u.",
  failed: (why) => `Niet bewaard: ${why}`,
  title: "Wat lezers zeiden",
  goTo: (place) => `Ga naar ${place}`,
  whole: "het resultaat",
};

export const actions: typeof Actions = {
  title: "Nog een keer",
  again: "Opnieuw analyseren met", start: "Starten",
  queued: "Wacht op een verwerker; het resultaat verschijnt hier.",
  sendTo: "Resultaten verzenden naar", send: "Verzenden",
  sent: (n, where) => `${plural(n, "object wacht", "objecten wachten")} op verzending naar ${where}.`,
  nowhere: "Er is geen bestemming ingesteld.",
  failed: (why) => `Niet gedaan: ${why}`,
};
