/** Tokens of programs: what each may, how long; a new one, whose secret is shown once. */
import { Button, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { addToken, revokeToken } from "../../api/accounts";
import { tokensQuery } from "../../api/queries";
import type { Scope, Token } from "../../api/types";
import { CopyButton } from "../../parts/CopyText";
import { Empty, ProblemBox } from "../../parts/Message";
import { useChange } from "../../parts/useChange";
import { useNow } from "../../parts/useNow";
import { When } from "../../parts/When";
import { text } from "../../text";
import classes from "./AccountsPage.module.css";

const words = text.accounts.tokens;
const SCOPES = Object.keys(words.scope) as Scope[];

export function Tokens() {
  const tokens = useQuery(tokensQuery());
  const { busy, problem, change } = useChange("tokens");
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState("");
  if (tokens.error) return null; // the users above say the same
  const add = (name: string, scopes: Scope[], days: number) =>
    change(async () => setSecret((await addToken(name, scopes, days)).secret)).then((done) => setAdding(!done));
  return (
    <section className={classes.section} aria-labelledby="tokens">
      <div className={classes.title}>
        <div>
          <h2 id="tokens">{words.title}</h2>
          <p className="dim">{words.lead}</p>
        </div>
        {!adding && <Button size="xs" variant="default" onClick={() => setAdding(true)}>{words.add}</Button>}
      </div>
      {adding && <AddToken busy={busy} onAdd={add} onCancel={() => setAdding(false)} />}
      {secret && (
        <div className={classes.secret} role="status">
          <p>{words.secret}</p>
          <div className={classes.shown}><code className="mono" data-secret>{secret}</code><CopyButton value={secret} label={words.title} /></div>
        </div>
      )}
      {problem && <ProblemBox title={text.accounts.users.notChanged} error={problem} />}
      {tokens.data?.length === 0 && !adding && <Empty title={words.none}><p>{words.noneHint}</p></Empty>}
      {tokens.data && tokens.data.length > 0 && (
        <div className={`card ${classes.table}`}>
          <table>
            <thead>
              <tr><th>{words.name}</th><th>{words.scopes}</th><th>{words.ends}</th><th>{words.lastUsed}</th><th>{words.state}</th><th><span className="hidden">{words.actions}</span></th></tr>
            </thead>
            <tbody>
              {tokens.data.map((token) => <Row key={token.id} token={token} onRevoke={() => void change(() => revokeToken(token.id))} />)}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ token, onRevoke }: { token: Token; onRevoke(): void }) {
  const ended = useNow(false) >= Date.parse(token.expires);
  return (
    <tr data-off={token.revoked || ended || undefined}>
      <td className={classes.name}>{token.name}</td>
      <td>{token.scopes.join(", ")}</td>
      <td><When at={token.expires} /></td>
      <td>{token.last_used ? <When at={token.last_used} /> : <span className="dim">{words.never}</span>}</td>
      <td>{token.revoked ? words.revoked : ended ? words.ended : words.good}</td>
      <td className={classes.actions}>
        {!token.revoked && !ended && <Button size="xs" variant="default" onClick={onRevoke}>{words.revoke}</Button>}
      </td>
    </tr>
  );
}

interface AddProps {
  busy: boolean;
  onAdd(name: string, scopes: Scope[], days: number): Promise<void>;
  onCancel(): void;
}

function AddToken({ busy, onAdd, onCancel }: AddProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void onAdd(String(fields.get("name")), fields.getAll("scope") as Scope[], Number(fields.get("days")));
  };
  return (
    <form className={`card form ${classes.form}`} onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput name="name" label={words.name} maxLength={100} required withAsterisk={false} autoFocus />
        <NumberInput name="days" label={words.days} min={1} max={732} defaultValue={90} hideControls />
      </div>
      <fieldset className={classes.scopes}>
        <legend>{words.scopes}</legend>
        {SCOPES.map((scope) => (
          <label key={scope}><input type="checkbox" name="scope" value={scope} defaultChecked={scope === "read"} />{words.scope[scope]}</label>
        ))}
      </fieldset>
      <div className={classes.ways}>
        <Button type="submit" size="xs" loading={busy}>{words.save}</Button>
        <Button size="xs" variant="default" onClick={onCancel}>{text.accounts.cancel}</Button>
      </div>
    </form>
  );
}
