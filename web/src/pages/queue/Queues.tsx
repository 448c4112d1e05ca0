/** Every queue with what waits in it, runs and has failed; a click shows its jobs, a button pauses it. */
import { Skeleton } from "@mantine/core";

import type { Queue } from "../../api/types";
import { Pause } from "../../parts/Pause";
import { useNow } from "../../parts/useNow";
import { text } from "../../text";
import classes from "./Queues.module.css";

const words = text.queue;
const DEPTHS = ["waiting", "running", "dead"] as const;

interface QueuesProps {
  queues?: Queue[];
  chosen: string;
  onChoose(queue: string): void;
}

export function Queues({ queues, chosen, onChoose }: QueuesProps) {
  const now = useNow((queues ?? []).some((one) => one.oldest || one.paused));
  if (!queues) return <Skeleton height={104} radius={12} />;
  if (queues.length === 0) return null;
  return (
    <div className={classes.queues} role="group" aria-label={words.queues}>
      {queues.map((one) => (
        <div key={one.queue} className={classes.queue} data-chosen={one.queue === chosen || undefined} data-paused={one.paused ? true : undefined}>
          <button type="button" className={classes.choose} aria-pressed={one.queue === chosen} onClick={() => onChoose(one.queue === chosen ? "" : one.queue)}>
            <span className={classes.name}>{words.name(one.queue)}</span>
            <span className={classes.depths}>
              {DEPTHS.map((depth) => (
                <span key={depth} className={classes.depth} data-depth={depth} data-some={one[depth] > 0 || undefined}>
                  <span className={classes.figure}>{words.countOf(one[depth])}</span> {words.depth[depth]}
                </span>
              ))}
            </span>
          </button>
          <div className={classes.foot}>
            <span className={classes.since}>{since(one, now)}</span>
            <Pause queue={one.queue} paused={one.paused !== undefined} quiet />
          </div>
        </div>
      ))}
    </div>
  );
}

function since({ paused, oldest }: Queue, now: number): string {
  const ago = (at: string) => Math.max(0, (now - Date.parse(at)) / 1000);
  if (paused) return words.paused(ago(paused.since), paused.by);
  return oldest ? words.oldest(ago(oldest)) : words.nothingWaits;
}
