/** A new password for the old one. */
import { Button, PasswordInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { changePassword } from "../../api/accounts";
import { Problem } from "../../api/client";
import { Check, Warning } from "../../parts/icons";
import { text } from "../../text";
import classes from "./AccountPage.module.css";

const words = text.account.password;

export function PasswordForm() {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ well: boolean; words: string } | undefined>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const [old, fresh, again] = ["old", "fresh", "again"].map((field) => String(fields.get(field)));
    if (fresh !== again) return setTold({ well: false, words: words.differ });
    setBusy(true);
    try {
      await changePassword(old!, fresh!);
      form.reset();
      setTold({ well: true, words: words.done });
    } catch (cause) {
      setTold({ well: false, words: Problem.of(cause).message });
    }
    setBusy(false);
  };

  return (
    <form className={`card form ${classes.card}`} onSubmit={(event) => void submit(event)}>
      <h2>{words.title}</h2>
      <PasswordInput name="old" label={words.old} autoComplete="current-password" required withAsterisk={false} />
      <PasswordInput name="fresh" label={words.fresh} description={words.hint} autoComplete="new-password" required withAsterisk={false} minLength={12} />
      <PasswordInput name="again" label={words.again} autoComplete="new-password" required withAsterisk={false} />
      <div className={classes.told} data-well={told?.well} role="status">
        {told && <>{told.well ? <Check /> : <Warning />}{told.words}</>}
      </div>
      <div><Button type="submit" loading={busy}>{words.save}</Button></div>
    </form>
  );
}
