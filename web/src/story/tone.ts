/** How an event strikes whoever reads the log. */
export type Tone = "bad" | "warn" | "good" | "plain";

const TONES: Record<string, Tone> = {
  "job.dead": "bad", "export.failed": "bad", "instance.conflict": "bad",
  "job.retrying": "warn", "results.refused": "warn", "study.late": "warn", "job.cancelled": "warn", "job.released": "warn", "queue.paused": "warn",
  "export.confirmed": "good", "results.stored": "good", "rule.matched": "good", "study.complete": "good",
};

export const toneOf = (type: string): Tone => TONES[type] ?? "plain";
