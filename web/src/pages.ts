/**
 * Every page that the navigation leads to: a row here, a folder in pages/, a name in the catalogue. Each is loaded later, but for
 * the list of studies, which most readers see first.
 */
import type { RouteComponent } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Scope } from "./api/types";
import { AccountsIcon, DestinationsIcon, DoctorIcon, EventsIcon, QueueIcon, RulesIcon, SettingsIcon, StartIcon, StudiesIcon, UploadIcon } from "./parts/icons";
import { later } from "./parts/later";
import { eventsSearch } from "./pages/events/search";
import { queueSearch } from "./pages/queue/search";
import { rulesSearch } from "./pages/rules/search";
import { settingsSearch } from "./pages/settings/search";
import { studiesSearch } from "./pages/studies/search";
import { StudiesPage } from "./pages/studies/StudiesPage";
import type { Catalogue } from "./text/en";

/** The parts of the navigation, in its order. */
export const GROUPS = ["work", "flow", "system"] as const;

export interface Page {
  path: `/${string}`;
  group: (typeof GROUPS)[number];
  icon(props: { size?: number }): ReactNode;
  component: RouteComponent;
  /** The scope that it is useless without; whoever lacks it does not see the way there. */
  needs?: Scope;
  /** Reads what stands behind `?` in the address; without it, nothing may stand there. */
  search?(given: Record<string, unknown>): object;
}

export type PageName = keyof Catalogue["nav"]["pages"];

export const PAGES = {
  studies: { path: "/", group: "work", icon: StudiesIcon, component: StudiesPage, search: studiesSearch },
  upload: { path: "/upload", group: "work", icon: UploadIcon, component: later(() => import("./pages/upload/UploadPage"), "UploadPage") },
  queue: { path: "/queue", group: "flow", icon: QueueIcon, component: later(() => import("./pages/queue/QueuePage"), "QueuePage"), search: queueSearch },
  destinations: { path: "/destinations", group: "flow", icon: DestinationsIcon, component: later(() => import("./pages/destinations/DestinationsPage"), "DestinationsPage") },
  events: { path: "/events", group: "flow", icon: EventsIcon, component: later(() => import("./pages/events/EventsPage"), "EventsPage"), search: eventsSearch },
  rules: { path: "/rules", group: "flow", icon: RulesIcon, component: later(() => import("./pages/rules/RulesPage"), "RulesPage"), search: rulesSearch },
  accounts: {
    path: "/accounts", group: "system", icon: AccountsIcon, needs: "administer",
    component: later(() => import("./pages/accounts/AccountsPage"), "AccountsPage"),
  },
  start: { path: "/start", group: "system", icon: StartIcon, component: later(() => import("./pages/start/StartPage"), "StartPage") },
  settings: { path: "/settings", group: "system", needs: "operate", icon: SettingsIcon, component: later(() => import("./pages/settings/SettingsPage"), "SettingsPage"), search: settingsSearch },
  doctor: { path: "/doctor", group: "system", needs: "operate", icon: DoctorIcon, component: later(() => import("./pages/doctor/DoctorPage"), "DoctorPage") },
} as const satisfies Record<PageName, Page>;
