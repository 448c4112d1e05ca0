/** The log of events. */
import { count } from "../../format/number";
import { plural } from "./words";

export const log = {
  title: "Events",
  region: "Events, the newest first. Arrow keys move, Enter opens.",
  filter: "Filter: rule:brain-t1, job.dead, a Study UID",
  filterWrong: "Write NAME:VALUE with a field of an event, a type such as job.dead, or a Study UID.",
  kindsLabel: "Kinds of events",
  kinds: { all: "All", problems: "Problems", studies: "Studies", rules: "Rules", jobs: "Jobs", export: "Export" },
  filtersLabel: "Filters in force",
  without: (name: string) => `Take off the filter by ${name}`,
  following: "Following", paused: "Paused",
  pauseHint: "New events appear by themselves, unless you read further down or one is open",
  fresh: (n: number) => `${plural(n, "new event")}: show`,
  shown: (newest: number, oldest: number, whole: boolean) => `Events ${count(oldest)} to ${count(newest)}${whole ? ", the first one included" : ""}`,
  older: "Read further back",
  noMatch: "Nothing in the log fits these filters",
  noMatchHint: "A filter compares the whole value; types may end in a point: rule. stands for all that begin so.",
  showAll: "Show all events",
  empty: "Nothing has happened yet",
  emptyHint: "Send a study to Larmor, or upload one; each step of it appears here by itself.",
  noneSoFar: (seq: number) => `Nothing fits down to event ${count(seq)}`,
  noneSoFarHint: "Filters by a field are compared event by event, so a long log is read in pieces. A study or a type is found at once.",
  lookOn: "Look further back",
  openStudy: "Open the study",
  onlyStudy: "Only this study's events",
  filterBy: (name: string) => `Only events with this ${name}`,
  raw: "The event as it stands in the log",
  copyRaw: "The event as JSON",
};
