/** Who is signed in; leads to the account. Empty where nobody needs to sign in. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { sessionQuery } from "../api/queries";
import { text } from "../text";
import classes from "./Corner.module.css";

export function Corner({ folded }: { folded: boolean }) {
  const { data: session } = useQuery(sessionQuery());
  if (!session?.name) return null;
  return (
    <Link to="/account" className={classes.corner} activeProps={{ "data-active": true }} title={folded ? session.name : undefined}>
      <span className={classes.initial} aria-hidden="true">{session.name.charAt(0).toUpperCase()}</span>
      <span className={folded ? "hidden" : classes.words}>
        <span className="hidden">{text.account.title}, </span>
        <span className={classes.name}>{session.name}</span>
        {session.role && <span className={classes.role}>{text.account.roles[session.role]}</span>}
      </span>
    </Link>
  );
}
