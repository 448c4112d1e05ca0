/** Search as one types, reachable by "/" from anywhere on the page. */
import { CloseButton, Kbd, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

import { text } from "../../text";
import { Search } from "../../parts/icons";
import classes from "./Search.module.css";

interface SearchFieldProps {
  value: string;
  onChange(words: string): void;
  /** Arrow down or Enter: to the first study found. */
  onLeave(): void;
  busy: boolean;
}

export function SearchField({ value, onChange, onLeave, busy }: SearchFieldProps) {
  const [words, setWords] = useState(value);
  const [sent, setSent] = useState(value);
  const send = useDebouncedCallback((next: string) => {
    setSent(next);
    onChange(next);
  }, 180);
  // The address changed by itself (back, or a link): the field follows.
  if (value !== sent) {
    setSent(value);
    setWords(value);
  }

  const change = (next: string) => {
    setWords(next);
    send(next.trim());
  };
  return (
    <TextInput className={classes.search} type="search" size="sm" value={words} placeholder={text.studies.search}
      aria-label={text.studies.search} aria-keyshortcuts="/" leftSection={busy ? <Loader size={14} /> : <Search />}
      rightSection={words ? <CloseButton size="sm" aria-label={text.studies.clear} onClick={() => change("")} /> : <Kbd size="xs" aria-hidden>{text.studies.searchKey}</Kbd>}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") change("");
        if (event.key === "ArrowDown" || event.key === "Enter") {
          event.preventDefault();
          onLeave();
        }
      }}
    />
  );
}
