/** The pages and their addresses. Filters live in the address, so that a view can be sent to a colleague. */
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter } from "@tanstack/react-router";

import { stepsQuery, studyQuery } from "./api/queries";
import { PAGES, type Page } from "./pages";
import { Crash } from "./parts/Crash";
import { Gate } from "./parts/Gate";
import { later } from "./parts/later";
import { NotFound } from "./parts/NotFound";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Gate, notFoundComponent: NotFound, errorComponent: Crash });

type Search<P extends Page> = P extends { search: (given: Record<string, unknown>) => infer S } ? S : object;

function routeOf<const P extends Page>({ path, component, search }: P) {
  return createRoute({
    getParentRoute: () => root,
    path: path as P["path"],
    validateSearch: (search ?? (() => ({}))) as (given: Record<string, unknown>) => Search<P>,
    component,
  });
}

type PageRoutes = { [Name in keyof typeof PAGES]: ReturnType<typeof routeOf<(typeof PAGES)[Name]>> };
const pages = Object.fromEntries(Object.entries(PAGES).map(([name, page]) => [name, routeOf(page)])) as PageRoutes;

const study = createRoute({
  getParentRoute: () => root,
  path: "/studies/$study",
  loader: ({ context, params }) => {
    void context.queries.prefetchQuery(studyQuery(params.study));
    void context.queries.prefetchQuery(stepsQuery(params.study));
  },
  component: later(() => import("./pages/study/StudyPage"), "StudyPage"),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: later(() => import("./pages/account/AccountPage"), "AccountPage"),
});

const tree = root.addChildren({ ...pages, study, account });

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    // A page that breaks, breaks alone: the navigation around it stays.
    defaultErrorComponent: Crash,
    scrollRestoration: true,
    // Search values are words: ?q=0815 is text, and the address stays readable.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(search)) if (value !== undefined && value !== "") query.set(name, String(value));
      const tail = query.toString();
      return tail ? `?${tail}` : "";
    },
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
