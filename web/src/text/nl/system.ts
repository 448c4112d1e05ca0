/** Wat het programma is en hoe het ermee gaat: dokter en instellingen. */
import type { doctor as Doctor, settings as Settings } from "../en/system";
import { count, figure } from "../../format/number";
import { plural } from "./words";

export const doctor: typeof Doctor = {
  title: "Dokter",
  lead: "Bekijkt nu de configuratie, de schijf, de bestemmingen, de verwerkers en de wachtrijen.",
  again: "Opnieuw kijken",
  looking: "Bezig met kijken. Een bestemming die er niet is kost enkele seconden.",
  well: "Er is niets mis",
  ill: (n) => `${plural(n, "zaak", "zaken")} te verhelpen`,
  looked: (n) => `${count(n)} bekeken`,
  parts: {
    accounts: "Accounts", "sign-in provider": "Aanbieder van het aanmelden", configuration: "Configuratie", rules: "Regels", disk: "Schijf", networks: "Netwerken", "web application": "Webapplicatie", destination: "Bestemming",
    certificates: "Certificaten", storage: "Opslag", workers: "Verwerkers", queue: "Wachtrij",
  },
  mend: "Wat te doen is",
  toQueue: "Bekijken en opnieuw versturen",
  toDestination: "Naar de bestemming",
  toSettings: "Naar de instellingen",
  terminal: "Hetzelfde vanaf een terminal, ook als Larmor niet draait:",
  command: "larmor doctor --config larmor.yaml",
  errorTitle: "De dokter kan niet kijken",
};

export const settings: typeof Settings = {
  title: "Instellingen",
  lead: "Elke instelling met de geldende waarde, waar die vandaan komt en waarom zij er is. Ze worden in het configuratiebestand veranderd, dat een ziekenhuis onder versiebeheer houdt: verander hier een veld, en de regels voor het bestand verschijnen onderaan, door de server bekeken.",
  search: "Instellingen zoeken",
  which: { all: "Alle", given: "Hier veranderd" },
  whichLabel: "Toon instellingen",
  origin: "Uit", default: "Standaard",
  isDefault: "standaard",
  bounds: (least, most, unit) => `${figure(least)} tot ${figure(most)}${unit ? ` ${unit}` : ""}`,
  restart: "na een herstart", live: "meteen overgenomen",
  on: "true", off: "false",
  empty: "leeg", example: "bijvoorbeeld",
  inForce: (value, unit) => (value ? `nu geldt: ${value}${unit ? ` ${unit}` : ""}` : "nu leeg"),
  undo: "Terug",
  elsewhere: (origin) => `${origin} gaat voor het bestand: verander het daar`,
  another: (family) => `Een naam voor nog een van ${family}`,
  anotherName: "nieuwe naam", anotherWrong: "Eén woord van letters, cijfers, - en _, dat er nog niet is",
  add: "Toevoegen",
  proposal: "Regels voor het configuratiebestand",
  proposalHint: "Zet ze in het bestand waarmee larmor serve wordt gestart; regels van een blok dat er al is gaan in dat blok. Hier is niets veranderd.",
  changes: (n) => plural(n, "verandering", "veranderingen"),
  checking: "wordt bekeken", right: "De server vindt niets verkeerds",
  wrong: (n) => plural(n, "ding is verkeerd", "dingen zijn verkeerd"),
  restarts: (n, of) => (n === 0 ? "meteen overgenomen" : n === of ? "geldt na een herstart" : `${count(n)} van de ${count(of)} gelden na een herstart`),
  discard: "Verwerpen", save: "Downloaden",
  none: "Geen instelling gevonden",
  noneHint: "Er wordt in namen en redenen gezocht.",
  showAll: "Alle tonen",
  shown: (n) => plural(n, "instelling", "instellingen"),
  errorTitle: "De instellingen kunnen niet worden gelezen",
};
