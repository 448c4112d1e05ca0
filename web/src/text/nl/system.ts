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
  lead: "Elke instelling met de geldende waarde, waar die vandaan komt en waarom zij er is. Ze worden in het configuratiebestand veranderd, zodat een ziekenhuis dat onder versiebeheer kan houden; de regels om te kopiëren staan erbij.",
  search: "Instellingen zoeken",
  which: { all: "Alle", given: "Hier veranderd" },
  whichLabel: "Toon instellingen",
  origin: "Uit", default: "Standaard",
  isDefault: "standaard",
  bounds: (least, most, unit) => `${figure(least)} tot ${figure(most)}${unit ? ` ${unit}` : ""}`,
  restart: "na een herstart", live: "meteen overgenomen",
  change: "Regels voor het configuratiebestand",
  empty: "leeg", example: "bijvoorbeeld",
  each: "voor elke die u noemt",
  none: "Geen instelling gevonden",
  noneHint: "Er wordt in namen en redenen gezocht.",
  showAll: "Alle tonen",
  shown: (n) => plural(n, "instelling", "instellingen"),
  errorTitle: "De instellingen kunnen niet worden gelezen",
};
