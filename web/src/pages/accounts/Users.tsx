/** The users: their roles, who is disabled, a new one. */
import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { addUser, changeUser } from "../../api/accounts";
import { sessionQuery, usersQuery } from "../../api/queries";
import type { Role, User } from "../../api/types";
import { Empty, ProblemBox } from "../../parts/Message";
import { useChange } from "../../parts/useChange";
import { When } from "../../parts/When";
import { text } from "../../text";
import classes from "./AccountsPage.module.css";

const words = text.accounts.users;
const ROLES = (Object.keys(text.account.roles) as Role[]).map((role) => ({ value: role, label: text.account.roles[role] }));

export function Users() {
  const users = useQuery(usersQuery());
  const { data: session } = useQuery(sessionQuery());
  const { busy, problem, change } = useChange("users", "session");
  const [adding, setAdding] = useState(false);
  if (users.error) return <ProblemBox title={words.failed} error={users.error} onRetry={() => void users.refetch()} />;
  return (
    <section className={classes.section} aria-labelledby="users">
      <div className={classes.title}>
        <h2 id="users">{words.title}</h2>
        {!adding && <Button size="xs" variant="default" onClick={() => setAdding(true)}>{words.add}</Button>}
      </div>
      {adding && <AddUser busy={busy} onCancel={() => setAdding(false)}
        onAdd={async (name, role, password) => { if (await change(() => addUser(name, role, password))) setAdding(false); }} />}
      {problem && <ProblemBox title={words.notChanged} error={problem} />}
      {users.data?.length === 0 && !adding && <Empty title={words.none}><p>{words.noneHint}</p></Empty>}
      {users.data && users.data.length > 0 && (
        <div className={`card form ${classes.table}`}>
          <table>
            <thead>
              <tr><th>{words.name}</th><th>{words.role}</th><th>{words.lastSignIn}</th><th>{words.state}</th><th><span className="hidden">{words.actions}</span></th></tr>
            </thead>
            <tbody>
              {users.data.map((user) => (
                <Row key={user.name} user={user} own={user.name === session?.name} onChange={(wish) => void change(() => changeUser(user.name, wish))} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  user: User;
  own: boolean;
  onChange(change: { role?: Role; disabled?: boolean }): void;
}

/** Nobody takes the own rights away: those of oneself are words, not switches. */
function Row({ user, own, onChange }: RowProps) {
  return (
    <tr data-off={user.disabled || undefined}>
      <td><span className={classes.name}>{user.name}</span>{own && <span className={classes.you}>{words.you}</span>}</td>
      <td>
        {own ? text.account.roles[user.role] : (
          <NativeSelect size="xs" aria-label={words.roleOf(user.name)} data={ROLES} value={user.role}
            onChange={(event) => onChange({ role: event.currentTarget.value as Role })} />
        )}
      </td>
      <td>{user.last_sign_in ? <When at={user.last_sign_in} /> : <span className="dim">{words.never}</span>}</td>
      <td>{user.disabled ? words.disabled : words.active}</td>
      <td className={classes.actions}>
        {!own && <Button size="xs" variant="default" onClick={() => onChange({ disabled: !user.disabled })}>{user.disabled ? words.enable : words.disable}</Button>}
      </td>
    </tr>
  );
}

interface AddProps {
  busy: boolean;
  onAdd(name: string, role: Role, password: string): Promise<void>;
  onCancel(): void;
}

function AddUser({ busy, onAdd, onCancel }: AddProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    void onAdd(String(fields.get("name")), String(fields.get("role")) as Role, String(fields.get("password")));
  };
  return (
    <form className={`card form ${classes.form}`} onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput name="name" label={words.name} description={words.nameHint} pattern="[A-Za-z0-9._@\-]{1,64}" required withAsterisk={false} autoFocus autoComplete="off" />
        <NativeSelect name="role" label={words.role} description={" "} data={ROLES} />
        <PasswordInput name="password" label={words.password} description={words.passwordHint} minLength={12} required withAsterisk={false} autoComplete="new-password" />
      </div>
      <div className={classes.ways}>
        <Button type="submit" size="xs" loading={busy}>{words.save}</Button>
        <Button size="xs" variant="default" onClick={onCancel}>{text.accounts.cancel}</Button>
      </div>
    </form>
  );
}
