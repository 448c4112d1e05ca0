/** What the log is filtered by: kinds of events to press, anything else to type, and each filter to take off again. */
import { Kbd, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { Choices } from "../../parts/Choices";
import { Cross, Search } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Filters.module.css";
import { parsed, type EventsSearch } from "./search";

/** Kinds that are asked for most, as the types of the log. */
const KINDS = {
  all: "",
  problems: "job.dead,job.retrying,export.failed,instance.conflict,results.refused",
  studies: "study.,series.",
  rules: "rule.",
  jobs: "job.",
  export: "export.",
} as const;
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

interface FiltersProps {
  search: EventsSearch;
  onChange(next: EventsSearch): void;
  paused: boolean;
  onPause(): void;
}

const without = (search: EventsSearch, name: string) => Object.fromEntries(Object.entries(search).filter(([one]) => one !== name));

export function Filters({ search, onChange, paused, onPause }: FiltersProps) {
  const words = text.log;
  const kind = NAMES.find((name) => KINDS[name] === (search.type ?? ""));
  const chips = Object.entries(search).filter(([name]) => name !== "type" || kind === undefined);
  return (
    <>
      <Field onAdd={(name, value) => onChange({ ...search, [name]: value })} />
      <Choices label={words.kindsLabel} values={NAMES} names={words.kinds} value={kind}
        onChange={(next) => onChange(next === "all" ? without(search, "type") : { ...search, type: KINDS[next] })} />
      <button type="button" className={classes.pause} aria-pressed={paused} title={words.pauseHint} onClick={onPause}>
        <span className={classes.lamp} aria-hidden="true" />
        {paused ? words.paused : words.following}
      </button>
      {chips.length > 0 && (
        <ul className={classes.chips} aria-label={words.filtersLabel}>
          {chips.map(([name, value]) => (
            <li key={name} className={classes.chip}>
              <span className={classes.name}>{name}</span>
              <span className={`mono ${classes.value}`} title={value}>{value}</span>
              <button type="button" aria-label={words.without(name)} onClick={() => onChange(without(search, name))}><Cross size={12} /></button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Field({ onAdd }: { onAdd(name: string, value: string): void }) {
  const [said, setSaid] = useState("");
  const [wrong, setWrong] = useState(false);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const filter = parsed(said);
    setWrong(!filter && said.trim() !== "");
    if (!filter) return;
    setSaid("");
    onAdd(...filter);
  };
  return (
    <form className={classes.search} onSubmit={add}>
      <TextInput size="sm" value={said} placeholder={text.log.filter} aria-label={text.log.filter} aria-keyshortcuts="/" leftSection={<Search />}
        rightSection={<Kbd size="xs" aria-hidden>{said ? "↵" : "/"}</Kbd>} error={wrong ? text.log.filterWrong : undefined}
        onChange={(event) => { setSaid(event.currentTarget.value); setWrong(false); }} />
    </form>
  );
}
