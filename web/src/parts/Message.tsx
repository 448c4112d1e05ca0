/** Boxes that say what is the matter: an error with what, why and what now; a list that is empty, and what to do. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { Problem } from "../api/client";
import { text } from "../text";
import { Warning } from "./icons";
import classes from "./Message.module.css";

export function ProblemBox({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  return (
    <div className={classes.problem} role="alert">
      <span className={classes.icon}><Warning size={20} /></span>
      <div className={classes.body}>
        <h2>{title}</h2>
        <p>{problem?.what ?? String(error)}</p>
        {problem?.hint && <p className="dim">{problem.hint}</p>}
        {problem && (
          <p className={classes.code}>
            {text.errors.code(problem.status)}
            {problem.pointer && <> · <span className="mono">{problem.pointer}</span></>}
          </p>
        )}
        {onRetry && <Button size="xs" variant="default" onClick={onRetry}>{text.common.retry}</Button>}
      </div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
