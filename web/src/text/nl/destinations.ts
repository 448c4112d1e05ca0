/** Waar resultaten naartoe gaan. */
import type { destinations as Destinations } from "../en/destinations";
import { duration } from "../../format/number";
import { plural } from "./words";

export const destinations: typeof Destinations = {
  title: "Bestemmingen",
  lead: "Waar resultaten naartoe gaan. Elke bestemming heeft een eigen wachtrij, zodat een die uitvalt geen andere ophoudt.",
  fine: "In orde", fineHint: "de laatste verzending ging goed, of er was nog geen",
  trouble: "Er is een probleem", waiting: "Bezig met verzenden", paused: "Gepauzeerd", pausedHint: (s, by) => `al ${duration(s)}${by ? ` door ${by}` : ""}; wat erheen moet wacht`,
  address: "Adres", called: "AE-titel daar", calling: "Larmor noemt zich",
  waitingHint: (n) => `${plural(n, "verzending wacht", "verzendingen wachten")}`,
  dead: (n) => `${plural(n, "verzending", "verzendingen")} mislukt: bekijk waarom, en verstuur opnieuw`,
  queue: "Wachtrij",
  echo: "Echo",
  echoHint: "Stuurt nu een C-ECHO: is zij er, en kent zij Larmor?",
  reached: (s) => `Antwoordde in ${s < 0.95 ? `${Math.max(1, Math.round(s * 1000))} ms` : duration(s)}`,
  lately: "Laatste verzendingen",
  latelyNone: "Hierheen is nog niets verzonden. Resultaten gaan erheen als send_to van een regel deze bestemming noemt.",
  empty: "Nog geen bestemming",
  emptyHint: "Resultaten blijven hier tot er een genoemd wordt. Zet uw archief in het configuratiebestand en start Larmor opnieuw:",
  errorTitle: "De bestemmingen kunnen niet worden getoond",
};
