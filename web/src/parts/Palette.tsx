/** One field for everything: a page, a study by its words, a command. Opened with Ctrl-K or "/" from anywhere. */
import { useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import * as calls from "../api/calls";
import { EVERYTHING } from "../api/queries";
import { dicomDate, personName } from "../format/dicom";
import { PAGES, type Page, type PageName } from "../pages";
import { text } from "../text";
import { Command, Search, StudiesIcon } from "./icons";
import classes from "./Palette.module.css";

interface Entry {
  id: string;
  group: "pages" | "studies" | "commands";
  icon: ReactNode;
  words: string;
  detail?: string;
  act(): void;
}

const MOST_STUDIES = 8;

export default function Palette({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const base = useId();
  const entries = useEntries(words);
  const chosen = Math.min(at, entries.length - 1);

  useEffect(() => { dialog.current?.showModal(); }, []);
  useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }); }, [chosen]);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    dialog.current?.close();
    onClose(); // the dialog's own word comes with the next frame, which may be late
    entry.act();
  };
  const onKey = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (to !== undefined) setAt((to + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") open(entries[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className={classes.palette} aria-label={text.palette.open} onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}>
      <div className={classes.field}>
        <Search />
        <input className={classes.input} autoFocus role="combobox" aria-expanded="true" aria-controls={base} aria-autocomplete="list" autoComplete="off" spellCheck={false}
          aria-activedescendant={entries[chosen] && `${base}-${entries[chosen].id}`} aria-label={text.palette.placeholder} placeholder={text.palette.placeholder}
          value={words} onKeyDown={onKey} onChange={(event) => { setWords(event.currentTarget.value); setAt(0); }} />
      </div>
      <ul ref={list} id={base} className={classes.list} role="listbox" aria-label={text.palette.open}>
        {entries.map((entry, index) => (
          <li key={entry.id} role="presentation" className={classes.item}>
            {entry.group !== entries[index - 1]?.group && <span className={classes.group} aria-hidden="true">{text.palette[entry.group]}</span>}
            <div id={`${base}-${entry.id}`} role="option" aria-selected={index === chosen} className={classes.entry}
              onPointerMove={() => setAt(index)} onClick={() => open(entry)}>
              {entry.icon}
              <span className={classes.words}>{entry.words}</span>
              {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
            </div>
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p className={classes.none}><strong>{text.palette.none(words)}</strong><span>{text.palette.noneHint}</span></p>}
      <p className={classes.hint} aria-hidden="true">{text.palette.hint}</p>
    </dialog>
  );
}

function useEntries(words: string): Entry[] {
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [asked] = useDebouncedValue(words.trim(), 150);
  const { data: found = [] } = useQuery({
    queryKey: ["palette", asked],
    queryFn: ({ signal }) => calls.studies({ ...EVERYTHING, q: asked }, "", signal).then((page) => page.items.slice(0, MOST_STUDIES)),
    enabled: asked !== "",
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const pages = (Object.entries(PAGES) as [PageName, Page][]).map(([name, { path, icon: Icon }]): Entry =>
    ({ id: name, group: "pages", icon: <Icon />, words: text.nav.pages[name], act: () => void navigate({ to: path as "/" }) }));
  const commands: Entry[] = [
    { id: "scheme", group: "commands", icon: <Command />, words: text.nav.scheme, act: () => setColorScheme(colorScheme === "light" ? "dark" : "light") },
  ];
  const studies = asked === "" || words === "" ? [] : found.map((study): Entry => ({
    id: study.study, group: "studies", icon: <StudiesIcon />, words: personName(study.patient_name).name || text.studies.unnamed,
    detail: [study.patient_id, dicomDate(study.date), study.description].filter(Boolean).join(" · "),
    act: () => void navigate({ to: "/studies/$study", params: { study: study.study } }),
  }));
  return [...pages.filter(matches(words)), ...studies, ...commands.filter(matches(words))];
}

/** Every word begins a word of the entry. */
const matches = (words: string) => (entry: Entry) => {
  const parts = entry.words.toLocaleLowerCase().split(/\s+/);
  return words.toLocaleLowerCase().split(/\s+/).every((word) => parts.some((part) => part.startsWith(word)));
};
