/** A job's state in a few words. */
import type { Job, Worker } from "../api/types";
import { secondsLeft } from "./derive";
import type { Headline } from "./headline";
import { text } from "../text";

const words = text.queue;
const since = (at: string, now: number) => Math.max(0, (now - Date.parse(at)) / 1000);

/** `worker`: who runs it, and knows its progress newer than the list does. */
export function jobHeadline(job: Job, now: number, worker?: Worker): Headline {
  const last = job.attempts.at(-1);
  const why = last?.error?.detail || words.unexplained;
  switch (job.state) {
    case "waiting": {
      if (!last?.error) return { tone: "quiet", words: words.states.waiting, detail: words.waiting(since(job.queued, now)) };
      const due = (Date.parse(job.due) - now) / 1000;
      return { tone: "warn", words: text.state.retrying, detail: `${words.waitingAgain(due)}: ${why}` };
    }
    case "running": {
      const { fraction, step } = worker ?? job.progress;
      const started = last?.started ?? job.queued;
      const left = secondsLeft({ state: "running", fraction, startedAt: started }, now);
      return { tone: "busy", words: words.running(Math.floor(fraction * 100), step), detail: left === undefined ? words.runningFor(since(started, now)) : words.left(left), fraction };
    }
    case "done": {
      const seconds = last?.ended ? since(last.started, Date.parse(last.ended)) : undefined;
      return { tone: "good", words: words.states.done, detail: seconds === undefined ? "" : words.took(seconds) };
    }
    case "dead":
      return { tone: "bad", words: words.states.dead, detail: why };
    case "cancelled":
      return { tone: "quiet", words: words.states.cancelled, detail: text.state.cancelledHint };
  }
}
