/** Wat de server in het Engels zegt, in het Nederlands. Wat hier niet staat blijft zoals het is. */
import { sentences, ruleWords } from "./sentences";
import { structure } from "./structures";

const pattern = (english: string) => new RegExp(`^${english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll("{}", "(.+?)")}$`);
const rows = sentences.map(([english, dutch]) => [pattern(english), dutch] as const);

/** Een getal met een komma en een echt minteken; anders woorden, of de naam van een structuur. */
function part(filled: string): string {
  if (/^[+-]?\d+(\.\d+)?( s)?$/.test(filled)) return filled.replace(".", ",").replace(/^-/, "−");
  const said = told(filled);
  return said === filled ? structure(filled) : said;
}

export function told(words: string): string {
  for (const [english, dutch] of rows) {
    const found = english.exec(words);
    if (found) return dutch.replace(/\{(\d)\}/g, (_, n: string) => part(found[Number(n)]!));
  }
  // Wat de server achter elkaar zet, deel voor deel.
  for (const between of ["; ", ", "]) {
    const parts = words.split(between);
    if (parts.length === 1) continue;
    const said = parts.map(part);
    if (said.some((one, at) => one !== parts[at])) return said.join(between);
  }
  return words;
}

/** De reden van een regel; wat tussen aanhalingstekens staat is van het onderzoek of van de regel. */
export const judged = (reason: string): string =>
  reason.split(/('[^']*')/).map((piece, at) => (at % 2 === 1 ? piece : ruleWords.reduce((words, [english, dutch]) => words.replace(english, dutch), piece))).join("");
