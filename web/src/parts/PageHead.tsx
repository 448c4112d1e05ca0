/** A page's title, what the page is for in one sentence, and what can be done with all of it. */
import { useEffect, type ReactNode } from "react";

import { text } from "../text";
import classes from "./PageHead.module.css";

export function PageHead({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${text.product}`;
  }, [title]);
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <h1>{title}</h1>
        {lead && <p className="dim">{lead}</p>}
      </div>
      {children}
    </div>
  );
}
