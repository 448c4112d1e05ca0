/** Name and password; what is wrong, and how long to wait. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { setOut, signIn } from "../api/accounts";
import { Problem } from "../api/client";
import { text } from "../text";
import { Warning } from "./icons";
import { Mark } from "./Mark";
import classes from "./SignIn.module.css";
import { useNow } from "./useNow";

const words = text.signIn;

interface SignInProps {
  again: boolean;
  /** What people may sign in with besides a password. */
  provider: string | null;
  onDone(): Promise<void>;
}

export function SignIn({ again, provider, onDone }: SignInProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(refusal);
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
      const why = Problem.of(cause);
      setProblem(why);
      if (why.waitS > 0) setWaitUntil(Date.now() + why.waitS * 1000);
      password.current?.select();
      setBusy(false);
    }
  };

  const leave = async () => {
    setBusy(true);
    try {
      location.assign(await setOut(location.pathname + location.search));
    } catch (cause) {
      setProblem(Problem.of(cause));
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
        {provider && (
          <>
            <div className={classes.or}>{words.or}</div>
            <Button size="md" px="xs" fz={14} variant="default" disabled={busy} onClick={() => void leave()}>{words.elsewhere(provider)}</Button>
          </>
        )}
        <p className={classes.lost}>{words.lost}</p>
      </form>
      <p className={classes.disclaimer}>{text.disclaimer}</p>
    </main>
  );
}

/** The server sends back here whom it did not let in, with the reason behind the hash. */
function refusal(): Problem | undefined {
  const code = /^#refused-(\w+)$/.exec(location.hash)?.[1];
  return code === undefined ? undefined : new Problem(403, words.refused[code] ?? words.refusedElse);
}

function saying(problem: Problem, left: number): string {
  if (left > 0) return words.wait(left);
  return problem.status === 401 || problem.status === 429 ? words.wrong : problem.message;
}

function useSecondsUntil(end: number): number {
  const now = useNow(end > 0);
  return Math.max(0, Math.ceil((end - now) / 1000));
}
