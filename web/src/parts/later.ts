/**
 * Pages that the first one does not need. They are loaded in a quiet moment, so that they are there when the server is away; one
 * that cannot be read then says that, and is no reason to load the whole application anew, which would end in the browser's own page.
 */
import { lazyRouteComponent } from "@tanstack/react-router";

import { version } from "../api/calls";

/** Long enough for the first page to be there with all its rows. */
const QUIET_MS = 4000;
const all: (() => Promise<unknown>)[] = [];

export const later: typeof lazyRouteComponent = (load, name) => {
  // With the server there, the page is another one since an upgrade: then the router reads everything anew.
  const component = lazyRouteComponent(() => load().catch((cause: unknown) => version().then(() => { throw cause; })), name);
  all.push(async () => component.preload?.());
  return component;
};

/** One after the other: what the reader does meanwhile comes first. */
export async function loadAhead(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  for (const load of all) await load();
}
