/** De verandering sinds het vorige onderzoek. */
import type { change as Change } from "../en/change";
import { decimals, signed, withMinus } from "../../format/number";
import { told } from "./told";
import { sentence } from "./words";

const interval = (years: number) => (years < 1.95 ? `${decimals(12 * years, 0)} maanden` : `${decimals(years, 1)} jaar`);
const percent = (value: number) => `${signed(value, 2)}%`;
const range = (low: number, high: number) => `${signed(low, 2)} tot ${signed(high, 2)}%`;
const verdicts: Record<string, string> = {
  "faster than normal ageing": "Sneller dan normale veroudering", "within normal ageing": "Binnen normale veroudering",
  "not distinguishable": "Niet te onderscheiden van normale veroudering",
};

export const change: typeof Change = {
  title: "Sinds het vorige onderzoek",
  interval: (years) => (years === undefined ? "" : `${interval(years)} tussen de opnamen`),
  verdict: (verdict) => verdicts[verdict] ?? verdict,
  noVerdict: "Geen oordeel",
  words: (why) => sentence(told(withMinus(why))),
  pace: ({ perYear, low, high, expected, limit }, age) =>
    `${percent(perYear)} per jaar (95%-bereik ${range(low, high)}); op ${age} jaar is ${percent(expected)} te verwachten, en 95 van de 100 gezonde mensen blijven boven ${percent(limit)}.`,
  paceShort: ({ perYear, expected }, age) => `${percent(perYear)} per jaar; verwacht op ${age} jaar: ${percent(expected)}`,
  notCompared: "Niet vergeleken; de reden staat hieronder",
  refused: (why) => `Niet vergeleken met het vorige onderzoek: ${told(why)}.`,
  caption: "Volumes in beide opnamen en hun verandering",
  columns: { structure: "Structuur", first: "Vorige", second: "Nu", percent: "Verandering", perYear: "Per jaar", error: "95%-bereik" },
  percentHint: "Van het gemiddelde van beide volumes; negatief is verlies",
  errorHint: "De gemeten verandering met 1,96 standaardafwijking van de methode, uit gesimuleerde bezoeken. De balk toont die rond nul.",
  names: { brain: "Hersenen", ventricles: "Ventrikels", hippocampi: "Hippocampi", cortex: "Cortex" },
  percent, range,
  openPrior: "Open het vorige onderzoek",
  method: "Hoe het wordt gemeten",
  sources: (all) => `Normale veroudering volgens ${all.join("; ")}.`,
  images: {
    title: "Beide opnamen naast elkaar",
    show: "Beide opnamen naast elkaar tonen", hide: "Opnamen verbergen",
    prior: "Vorige", now: "Nu", map: "Verandering",
    plane: "Vlak",
    bar: (full) => `Plaatselijke verandering in procent, van ${full} verloren tot ${full} of meer gegroeid`,
    loss: "verlies", growth: "groei",
    hint: "Gemiddeld over 8 mm. Losse plekken zijn ruis: alleen wat de tabel optelt heeft een foutmarge. Het kruis is in alle drie dezelfde plaats.",
    absent: "De beelden van het vorige onderzoek zijn niet bij de bestanden van dit resultaat; een nieuwe analyse schrijft ze.",
  },
};
