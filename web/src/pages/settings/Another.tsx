/** Names one more of what a site may have several of. */
import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { text } from "../../text";
import classes from "./SettingsPage.module.css";

const words = text.settings;

export function Another({ family, may, onAdd }: { family: string; may(name: string): boolean; onAdd(name: string): void }) {
  const [name, setName] = useState("");
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!may(name)) return;
    onAdd(name);
    setName("");
  };
  return (
    <form className={classes.another} onSubmit={add}>
      <span className={classes.family}>{family}.</span>
      <TextInput className={classes.newName} size="xs" aria-label={words.another(family)} placeholder={words.anotherName} value={name} error={name !== "" && !may(name) && words.anotherWrong} autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)} />
      <Button type="submit" size="xs" variant="default" disabled={!may(name)}>{words.add}</Button>
    </form>
  );
}
