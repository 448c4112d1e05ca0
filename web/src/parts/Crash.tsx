import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { version } from "../api/calls";
import { Problem } from "../api/client";
import { text } from "../text";
import { ProblemBox } from "./Message";

const AGAIN_MS = 3000;

/** In the place of a page that broke, or that the server was not there to give: that one comes by itself once it is. */
export function Crash({ error }: { error: unknown }) {
  const away = error instanceof Problem && error.passing;
  const { isSuccess: back } = useQuery({ queryKey: ["back"], queryFn: ({ signal }) => version(signal), enabled: away, gcTime: 0, retry: false, refetchInterval: AGAIN_MS });
  useEffect(() => {
    if (back) location.reload();
  }, [back]);
  return (
    <ProblemBox whole title={away ? text.errors.awayTitle : text.errors.unexpectedTitle}
      error={error instanceof Problem ? error : new Problem(0, Problem.of(error).message, text.errors.unexpectedHint)} onRetry={() => location.reload()} />
  );
}
