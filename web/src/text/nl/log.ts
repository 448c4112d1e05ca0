/** Het logboek van gebeurtenissen. */
import type { log as Log } from "../en/log";
import { count } from "../../format/number";
import { plural } from "./words";

export const log: typeof Log = {
  title: "Gebeurtenissen",
  region: "Gebeurtenissen, de nieuwste eerst. Pijltjes bewegen, Enter opent.",
  filter: "Filter: rule:brain-t1, job.dead, een Study UID",
  filterWrong: "Schrijf NAAM:WAARDE met een veld van een gebeurtenis, een type zoals job.dead, of een Study UID.",
  kindsLabel: "Soorten gebeurtenissen",
  kinds: { all: "Alle", problems: "Problemen", studies: "Onderzoeken", rules: "Regels", jobs: "Taken", export: "Verzending" },
  filtersLabel: "Geldende filters",
  without: (name) => `Filter op ${name} weghalen`,
  following: "Volgt", paused: "Staat stil",
  pauseHint: "Nieuwe gebeurtenissen verschijnen vanzelf, tenzij u verder naar beneden leest of er een open is",
  fresh: (n) => `${plural(n, "nieuwe gebeurtenis", "nieuwe gebeurtenissen")}: tonen`,
  shown: (newest, oldest, whole) => `Gebeurtenissen ${count(oldest)} tot ${count(newest)}${whole ? ", de eerste meegerekend" : ""}`,
  older: "Verder terug lezen",
  noMatch: "Niets in het logboek past bij deze filters",
  noMatchHint: "Een filter vergelijkt de hele waarde; types mogen op een punt eindigen: rule. staat voor alle die zo beginnen.",
  showAll: "Alle gebeurtenissen tonen",
  empty: "Er is nog niets gebeurd",
  emptyHint: "Stuur een onderzoek naar Larmor, of upload er een; elke stap verschijnt hier vanzelf.",
  noneSoFar: (seq) => `Niets past tot en met gebeurtenis ${count(seq)}`,
  noneSoFarHint: "Filters op een veld worden per gebeurtenis vergeleken, dus een lang logboek wordt in stukken gelezen. Een onderzoek of een type wordt meteen gevonden.",
  lookOn: "Verder terug kijken",
  openStudy: "Onderzoek openen",
  onlyStudy: "Alleen gebeurtenissen van dit onderzoek",
  filterBy: (name) => `Alleen gebeurtenissen met dit veld: ${name}`,
  raw: "De gebeurtenis zoals zij in het logboek staat",
  copyRaw: "De gebeurtenis als JSON",
};
