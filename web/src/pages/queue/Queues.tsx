/** Every queue with what waits in it, runs and has failed; a click shows its jobs. */
import { Skeleton } from "@mantine/core";

import type { Queue } from "../../api/types";
import { useNow } from "../../parts/useNow";
import { text } from "../../text";
import classes from "./Queues.module.css";

const words = text.queue;
const DEPTHS = ["waiting", "running", "dead"] as const;

export function Queues({ queues, chosen, onChoose }: { queues?: Queue[]; chosen: string; onChoose(queue: string): void }) {
  const now = useNow((queues ?? []).some((one) => one.oldest));
  if (!queues) return <Skeleton height={92} radius={12} />;
  if (queues.length === 0) return null;
  return (
    <div className={classes.queues} role="group" aria-label={words.queues}>
      {queues.map((one) => (
        <button key={one.queue} type="button" className={classes.queue} aria-pressed={one.queue === chosen} onClick={() => onChoose(one.queue === chosen ? "" : one.queue)}>
          <span className={classes.name}>{words.name(one.queue)}</span>
          <span className={classes.depths}>
            {DEPTHS.map((depth) => (
              <span key={depth} className={classes.depth} data-depth={depth} data-some={one[depth] > 0 || undefined}>
                <span className={classes.figure}>{words.countOf(one[depth])}</span> {words.depth[depth]}
              </span>
            ))}
          </span>
          <span className={classes.oldest}>{one.oldest ? words.oldest(Math.max(0, (now - Date.parse(one.oldest)) / 1000)) : words.nothingWaits}</span>
        </button>
      ))}
    </div>
  );
}
