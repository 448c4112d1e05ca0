/** Who one is here, what one may, the password, and the way out. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { signOut, signOutEverywhere } from "../../api/accounts";
import { sessionQuery } from "../../api/queries";
import type { Session } from "../../api/types";
import { Empty, ProblemBox } from "../../parts/Message";
import { useChange } from "../../parts/useChange";
import { When } from "../../parts/When";
import { text } from "../../text";
import classes from "./AccountPage.module.css";
import { PasswordForm } from "./PasswordForm";

const words = text.account;

export function AccountPage() {
  const { data: session } = useQuery(sessionQuery());
  useEffect(() => {
    document.title = `${words.title} · ${text.product}`;
  }, []);
  if (!session?.name)
    return <Empty whole title={words.none}><p>{words.noneHint}</p></Empty>;
  return (
    <div className={classes.page}>
      <h1>{words.title}</h1>
      <Who session={session} name={session.name} />
      <PasswordForm />
    </div>
  );
}

function Who({ session, name }: { session: Session; name: string }) {
  const { busy, problem, change } = useChange("session");
  return (
    <section className={`card ${classes.card}`} aria-label={words.signedInAs}>
      <div className={classes.who}>
        <span className={classes.initial} aria-hidden="true">{name.charAt(0).toUpperCase()}</span>
        <div>
          <h2>{name}</h2>
          {session.role && <p className="dim">{words.roles[session.role]}: {words.roleHints[session.role]}</p>}
        </div>
      </div>
      {session.until && (
        <p className={classes.until}>{words.until} <When at={session.until} /></p>
      )}
      <div className={classes.ways}>
        <Button variant="default" loading={busy} onClick={() => void change(signOut)}>{words.signOut}</Button>
        <Button variant="subtle" color="gray" className={classes.quiet} title={words.everywhereHint} onClick={() => void change(signOutEverywhere)}>
          {words.everywhere}
        </Button>
      </div>
      {problem && <ProblemBox title={words.notSignedOut} error={problem} />}
    </section>
  );
}
