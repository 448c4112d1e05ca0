/** Once more: the study analysed again, the results sent to another destination. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";

import { analyse, deliver } from "../../api/calls";
import { destinationsQuery, pipelinesQuery } from "../../api/queries";
import type { Result } from "../../api/types";
import { text } from "../../text";
import classes from "./Actions.module.css";

export function Actions({ result }: { result: Result }) {
  const words = text.actions;
  const pipelines = useQuery(pipelinesQuery()).data ?? [];
  const destinations = useQuery(destinationsQuery());
  return (
    <div role="group" className={classes.block} aria-label={words.title}>
      <h3>{words.title}</h3>
      {pipelines.length > 0 && (
        <Choice label={words.again} button={words.start} options={pipelines.map(({ name, version }) => [name, text.study.madeBy(name, version)])}
          act={(pipeline) => analyse(result.study, result.generation, pipeline)} done={() => words.queued} />
      )}
      {destinations.data && destinations.data.length > 0 && result.instances.length > 0 && (
        <Choice label={words.sendTo} button={words.send} options={destinations.data.map(({ name }) => [name, name])}
          act={(destination) => deliver(destination, result.study, result.instances)} done={(destination) => words.sent(result.instances.length, destination)} />
      )}
      {destinations.data?.length === 0 && <p className="dim">{words.nowhere}</p>}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  button: string;
  /** Value and what is read. */
  options: [string, string][];
  act: (value: string) => Promise<unknown>;
  done: (value: string) => ReactNode;
}

/** One of several, a button, and what came of it. */
function Choice({ label, button, options, act, done }: ChoiceProps) {
  const id = useId();
  const [chosen, setChosen] = useState(options[0]![0]);
  const doing = useMutation({ mutationFn: act });
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{label}</label>
      <span className={classes.line}>
        <select id={id} value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
        <Button size="xs" variant="default" loading={doing.isPending} aria-label={`${button}: ${label} ${chosen}`} onClick={() => doing.mutate(chosen)}>{button}</Button>
      </span>
      <span role="status" className={classes.said}>{doing.isSuccess ? done(doing.variables) : doing.isError ? text.actions.failed(doing.error.message) : ""}</span>
    </div>
  );
}
