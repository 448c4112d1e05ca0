/** For administrators: who may sign in, and which programs may ask. */
import { useEffect } from "react";

import { text } from "../../text";
import classes from "./AccountsPage.module.css";
import { Tokens } from "./Tokens";
import { Users } from "./Users";

export function AccountsPage() {
  useEffect(() => {
    document.title = `${text.accounts.title} · ${text.product}`;
  }, []);
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{text.accounts.title}</h1>
        <p className="dim">{text.accounts.lead}</p>
      </div>
      <Users />
      <Tokens />
    </div>
  );
}
