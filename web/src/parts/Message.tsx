/** Boxes that say what is the matter: an error with what, why and what now; a list that is empty, and what to do. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { Problem } from "../api/client";
import { text } from "../text";
import { Warning } from "./icons";
import classes from "./Message.module.css";

interface ProblemBoxProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  /** It is all that the page shows, so its title is the page's. */
  whole?: boolean;
}

export function ProblemBox({ title, error, onRetry, whole = false }: ProblemBoxProps) {
  const Title = whole ? "h1" : "h2";
  const { what, hint, status, pointer } = Problem.of(error);
  return (
    <div className={classes.problem} role="alert">
      <span className={classes.icon}><Warning size={20} /></span>
      <div className={classes.body}>
        <Title className={classes.title}>{title}</Title>
        <p>{what}</p>
        {hint && <p className="dim">{hint}</p>}
        <p className={classes.code}>
          {text.errors.code(status)}
          {pointer && <> · <span className="mono">{pointer}</span></>}
        </p>
        {onRetry && <Button size="xs" variant="default" onClick={onRetry}>{text.common.retry}</Button>}
      </div>
    </div>
  );
}

export function Empty({ title, children, whole = false }: { title: string; children?: ReactNode; whole?: boolean }) {
  const Title = whole ? "h1" : "h2";
  return (
    <div className={classes.empty}>
      <Title className={classes.title}>{title}</Title>
      {children}
    </div>
  );
}
