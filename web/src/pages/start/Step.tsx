/** A step of the way, with its number or the mark that it is done. */
import type { ReactNode } from "react";

import { Check } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Step.module.css";

export function Step({ title, done, children }: { title: string; done: boolean; children: ReactNode }) {
  return (
    <li className={`card ${classes.step}`} data-done={done || undefined}>
      <span className={classes.mark} aria-hidden="true">{done && <Check />}</span>
      <div className={classes.body}>
        <h2>{title}<span className="hidden">: {done ? text.start.done : text.start.open}</span></h2>
        {children}
      </div>
    </li>
  );
}

export function Waiting({ children }: { children: ReactNode }) {
  return <p className={classes.waiting} role="status"><span className={classes.pulse} aria-hidden="true" /> {children}</p>;
}
