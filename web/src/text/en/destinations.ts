/** Where results go. */
import { duration } from "../../format/number";
import { plural } from "./words";

export const destinations = {
  title: "Destinations",
  lead: "Where results are sent. Each has a queue of its own, so that one that is down holds up no other.",
  fine: "In order", fineHint: "the last delivery went well, or none was made yet",
  trouble: "In trouble", waiting: "Sending", paused: "Paused", pausedHint: (s: number, by: string) => `for ${duration(s)}${by ? ` by ${by}` : ""}; what is to go there waits`,
  address: "Address", called: "AE title there", calling: "Larmor calls itself",
  waitingHint: (n: number) => `${plural(n, "delivery", "deliveries")} waiting`,
  dead: (n: number) => `${plural(n, "delivery", "deliveries")} failed: see why, and send again`,
  queue: "Its queue",
  echo: "Echo",
  echoHint: "Sends a C-ECHO now: is it there, and does it know Larmor?",
  reached: (s: number) => `Answered in ${s < 0.95 ? `${Math.max(1, Math.round(s * 1000))} ms` : duration(s)}`,
  lately: "Last deliveries",
  latelyNone: "Nothing was sent there yet. Results go where a rule's send_to names this destination.",
  empty: "No destination yet",
  emptyHint: "Results stay here until one is named. Add your archive to the configuration file, and start Larmor again:",
  errorTitle: "The destinations cannot be listed",
};
