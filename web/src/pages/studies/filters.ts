/** Which studies the list shows, by how far they are. */
import type { Phase, Story } from "../../story/derive";

export const FILTERS = ["all", "active", "attention", "results"] as const;
export type Filter = (typeof FILTERS)[number];

export const isFilter = (value: unknown): value is Filter => FILTERS.includes(value as Filter);

const ACTIVE: ReadonlySet<Phase> = new Set(["arriving", "complete", "queued", "analysing", "retrying", "sending"]);
const ATTENTION: ReadonlySet<Phase> = new Set(["failed", "undelivered", "refused", "retrying", "cancelled"]);

/** A study whose story is not read yet is shown: it may belong. */
export function belongs(filter: Filter, story: Story | undefined): boolean {
  if (filter === "all" || story === undefined) return true;
  if (filter === "active") return ACTIVE.has(story.phase);
  if (filter === "attention") return ATTENTION.has(story.phase);
  return story.runs.some((run) => run.findings !== undefined);
}
