/** What the program is and how it is: doctor and settings. */
import { count, figure } from "../../format/number";
import { plural } from "./words";

export const doctor = {
  title: "Doctor",
  lead: "Looks at the configuration, the disk, the destinations, the workers and the queues, now.",
  again: "Look again",
  looking: "Looking. A destination that is away takes some seconds.",
  well: "Nothing is wrong",
  ill: (n: number) => `${plural(n, "thing")} to mend`,
  looked: (n: number) => `${count(n)} looked at`,
  parts: {
    accounts: "Accounts", "sign-in provider": "Sign-in provider", configuration: "Configuration", rules: "Rules", disk: "Disk", networks: "Networks", "web application": "Web application", destination: "Destination",
    certificates: "Certificates", storage: "Storage", workers: "Workers", queue: "Queue",
  } as Record<string, string>,
  mend: "What to do",
  toQueue: "See them and send them again",
  toDestination: "Go to the destination",
  toSettings: "See the settings",
  terminal: "The same from a terminal, also while Larmor does not run:",
  command: "larmor doctor --config larmor.yaml",
  errorTitle: "The doctor cannot look",
};

export const settings = {
  title: "Settings",
  lead: "Each setting with the value in force, where it came from, and why it is there. They are changed in the configuration file, so that a site can keep it under version control; the lines to copy stand beside each.",
  search: "Search settings",
  which: { all: "All", given: "Changed here" },
  whichLabel: "Show settings",
  origin: "From", default: "Default",
  isDefault: "default",
  bounds: (least: number, most: number, unit: string) => `${figure(least)} to ${figure(most)}${unit ? ` ${unit}` : ""}`,
  restart: "after a restart", live: "taken up at once",
  change: "Lines for the configuration file",
  empty: "empty", example: "for example",
  each: "for each that you name",
  none: "No setting matches",
  noneHint: "The search looks at names and reasons.",
  showAll: "Show all",
  shown: (n: number) => plural(n, "setting"),
  errorTitle: "The settings cannot be read",
};
