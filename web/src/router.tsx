/** The pages and their addresses. Filters live in the address, so that a view can be sent to a colleague. */
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { stepsQuery, studiesQuery, studyQuery } from "./api/queries";
import { Crash } from "./parts/Crash";
import { NotFound } from "./parts/NotFound";
import { Shell } from "./parts/Shell";
import { isFilter, type Filter } from "./pages/studies/filters";
import { StudiesPage } from "./pages/studies/StudiesPage";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: Crash,
});

export interface StudiesSearch {
  q?: string;
  show?: Filter;
}

const studies = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search: Record<string, unknown>): StudiesSearch => ({
    q: typeof search.q === "string" && search.q !== "" ? search.q : typeof search.q === "number" ? String(search.q) : undefined,
    show: isFilter(search.show) && search.show !== "all" ? search.show : undefined,
  }),
  loaderDeps: ({ search }) => ({ q: search.q ?? "" }),
  loader: ({ context, deps }) => {
    void context.queries.prefetchInfiniteQuery(studiesQuery(deps.q));
  },
  component: StudiesPage,
});

const study = createRoute({
  getParentRoute: () => root,
  path: "/studies/$study",
  loader: ({ context, params }) => {
    void context.queries.prefetchQuery(studyQuery(params.study));
    void context.queries.prefetchQuery(stepsQuery(params.study));
  },
  component: lazyRouteComponent(() => import("./pages/study/StudyPage"), "StudyPage"),
});

const upload = createRoute({
  getParentRoute: () => root,
  path: "/upload",
  component: lazyRouteComponent(() => import("./pages/upload/UploadPage"), "UploadPage"),
});

const tree = root.addChildren([studies, study, upload]);

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
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
