/** Pauses a queue, or lets it go on. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import * as calls from "../api/calls";
import { text } from "../text";
import classes from "./Pause.module.css";

const words = text.queue;

export function Pause({ queue, paused, quiet = false }: { queue: string; paused: boolean; quiet?: boolean }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => (paused ? calls.resume(queue) : calls.pause(queue)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["queues"] }),
  });
  const label = paused ? words.resume : words.pause;
  return (
    <>
      {act.isError && <span role="alert" className={classes.failed}>{act.error.message}</span>}
      <Button size={quiet ? "compact-xs" : "xs"} variant={quiet && !paused ? "subtle" : "default"} color="gray" className={quiet && !paused ? classes.quiet : undefined}
        title={paused ? undefined : words.pauseHint} aria-label={`${label}: ${queue}`} loading={act.isPending} onClick={() => act.mutate()}>
        {label}
      </Button>
    </>
  );
}
