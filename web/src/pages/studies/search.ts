/** What stands in the address of the list of studies. */
import { isFilter, type Filter } from "./filters";

export interface StudiesSearch {
  q?: string;
  show?: Filter;
}

export const studiesSearch = (given: Record<string, unknown>): StudiesSearch => ({
  q: typeof given.q === "string" && given.q !== "" ? given.q : typeof given.q === "number" ? String(given.q) : undefined,
  show: isFilter(given.show) && given.show !== "all" ? given.show : undefined,
});
