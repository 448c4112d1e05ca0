/** Greets a destination now, and says what happened in its own terms. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import * as calls from "../../api/calls";
import { text } from "../../text";
import classes from "./Echo.module.css";

const words = text.destinations;

export function Echo({ name, onReached }: { name: string; onReached?(): void }) {
  const queries = useQueryClient();
  const echo = useMutation({
    mutationFn: () => calls.echo(name),
    onSuccess: ({ reached }) => { if (reached) onReached?.(); },
    onSettled: () => queries.invalidateQueries({ queryKey: ["destinations"] }),
  });
  const said = echo.isError ? echo.error.message : echo.data && (echo.data.reached ? words.reached(echo.data.seconds) : echo.data.words);
  return (
    <div className={classes.echo}>
      <span role="status" className={classes.said} data-tone={echo.data?.reached ? "good" : "bad"}>{echo.isPending ? "" : said}</span>
      <Button size="xs" variant="default" title={words.echoHint} aria-label={`${words.echo} ${name}`} loading={echo.isPending} onClick={() => echo.mutate()}>{words.echo}</Button>
    </div>
  );
}
