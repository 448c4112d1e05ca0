/** What stands in the address of the queue. */
import type { JobState } from "../../api/types";

export const STATES = ["all", "waiting", "running", "dead", "done", "cancelled"] as const satisfies readonly (JobState | "all")[];
export type StateChoice = (typeof STATES)[number];

export interface QueueSearch {
  state?: JobState;
  queue?: string;
}

export const queueSearch = (given: Record<string, unknown>): QueueSearch => ({
  state: STATES.includes(given.state as StateChoice) && given.state !== "all" ? (given.state as JobState) : undefined,
  queue: typeof given.queue === "string" && given.queue !== "" ? given.queue : undefined,
});
