import { Problem } from "../api/client";
import { text } from "../text";
import { ProblemBox } from "./Message";

export function Crash({ error }: { error: unknown }) {
  const words = error instanceof Error ? error.message : String(error);
  return (
    <ProblemBox whole title={text.errors.unexpectedTitle} error={error instanceof Problem ? error : new Problem(0, words, text.errors.unexpectedHint)}
      onRetry={() => location.reload()} />
  );
}
