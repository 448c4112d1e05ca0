/** Name and password; what is wrong, and how long to wait. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { signIn } from "../api/accounts";
import { Problem } from "../api/client";
import { text } from "../text";
import { Warning } from "./icons";
import { Mark } from "./Mark";
import classes from "./SignIn.module.css";
import { useNow } from "./useNow";

const words = text.signIn;

export function SignIn({ again, onDone }: { again: boolean; onDone(): Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const [waitUntil, setWaitUntil] = useState(0);
  const password = useRef<HTMLInputElement>(null);
  const left = useSecondsUntil(waitUntil);

  useEffect(() => {
    document.title = `${words.title} · ${text.product}`;
  }, []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await signIn(String(fields.get("name")), String(fields.get("password")));
      await onDone();
    } catch (cause) {
      const why = cause instanceof Problem ? cause : new Problem(0, String(cause));
      setProblem(why);
      if (why.waitS > 0) setWaitUntil(Date.now() + why.waitS * 1000);
      password.current?.select();
      setBusy(false);
    }
  };

  return (
    <main className={classes.page}>
      <form className={`form ${classes.form}`} onSubmit={(event) => void submit(event)}>
        <div className={classes.brand}><Mark size={30} />{text.product}</div>
        <div className={classes.head}>
          <h1>{words.title}</h1>
          <p className="dim">{again ? words.again : words.lead}</p>
        </div>
        <TextInput name="name" label={words.name} autoComplete="username" autoCapitalize="none" spellCheck={false} required withAsterisk={false}
          autoFocus size="md" />
        <PasswordInput ref={password} name="password" label={words.password} autoComplete="current-password" required withAsterisk={false} size="md" />
        <div className={classes.problem} role="alert">
          {problem && <><Warning />{saying(problem, left)}</>}
        </div>
        <Button type="submit" size="md" loading={busy} disabled={left > 0}>{words.go}</Button>
        <p className={classes.lost}>{words.lost}</p>
      </form>
      <p className={classes.disclaimer}>{text.disclaimer}</p>
    </main>
  );
}

function saying(problem: Problem, left: number): string {
  if (left > 0) return words.wait(left);
  return problem.status === 401 || problem.status === 429 ? words.wrong : [problem.what, problem.hint].join(" ");
}

function useSecondsUntil(end: number): number {
  const now = useNow(end > 0);
  return Math.max(0, Math.ceil((end - now) / 1000));
}
