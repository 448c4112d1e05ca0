/** "Outline is wrong here": what a reader says of the place under the crosshair, and what was said before. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { giveFeedback } from "../../../api/calls";
import { feedbackQuery } from "../../../api/queries";
import type { Event } from "../../../api/types";
import type { Index } from "../../../imaging/volume";
import { When } from "../../../parts/When";
import type { Structure } from "../../../story/structures";
import { text } from "../../../text";
import classes from "./Feedback.module.css";

/** Characters; the server takes 2000 bytes. */
const LONGEST = 500;
const nameOf = (one: Structure | undefined) => (one ? text.study.viewer.place(one).toLowerCase() : "");

interface FeedbackProps {
  study: string;
  job: string;
  /** What lies under the crosshair. */
  structure?: Structure;
  at: Index;
  onGoTo: (mm: Index) => void;
}

export function Feedback({ study, job, structure, at, onGoTo }: FeedbackProps) {
  const words = text.feedback;
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  const send = useMutation({
    mutationFn: () => giveFeedback(job, { words: said, structure: nameOf(structure), at_mm: [...at] }),
    onSuccess: () => {
      setOpen(false);
      setSaid("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (said.trim()) send.mutate();
  };
  return (
    <div className={classes.block}>
      {open ? (
        <form className={classes.form} onSubmit={submit}>
          <p>{words.about(nameOf(structure), text.study.viewer.millimetres(at))}</p>
          <textarea aria-label={words.words} placeholder={words.words} rows={2} maxLength={LONGEST} autoFocus value={said} onChange={(event) => setSaid(event.target.value)} />
          <p className={classes.hint}>{words.hint}</p>
          <div className={classes.buttons}>
            <Button type="submit" size="xs" disabled={!said.trim()} loading={send.isPending}>{words.send}</Button>
            <Button size="xs" variant="default" onClick={() => setOpen(false)}>{words.cancel}</Button>
          </div>
        </form>
      ) : <Button size="xs" variant="default" className={classes.open} onClick={() => setOpen(true)}>{words.open}</Button>}
      <span role="status" className={classes.hint}>{send.isSuccess ? words.kept : send.isError ? words.failed(send.error.message) : ""}</span>
      <Said study={study} job={job} onGoTo={onGoTo} />
    </div>
  );
}

/** What was said of this result, the newest first. */
function Said({ study, job, onGoTo }: { study: string; job: string; onGoTo: (mm: Index) => void }) {
  const words = text.feedback;
  const events = useQuery(feedbackQuery(study)).data?.filter((one) => one.fields.job === job) ?? [];
  if (events.length === 0) return null;
  return (
    <details className={classes.said}>
      <summary>{words.title} <span className="number">({events.length})</span></summary>
      <ul>{events.toReversed().map((one) => <Line key={one.seq} event={one} onGoTo={onGoTo} />)}</ul>
    </details>
  );
}

function Line({ event, onGoTo }: { event: Event; onGoTo: (mm: Index) => void }) {
  const { words, structure, at_mm: at } = event.fields;
  const mm = Array.isArray(at) && at.length === 3 && at.every((value) => typeof value === "number") ? (at as unknown as Index) : undefined;
  const place = mm && text.study.viewer.millimetres(mm);
  return (
    <li>
      <span className={classes.about}>{String(structure || text.feedback.whole)}</span>
      <span>{String(words ?? "")}</span>
      {mm && place && <button type="button" title={text.feedback.goTo(place)} onClick={() => onGoTo(mm)}>{place}</button>}
      <span className="dim"><When at={event.at} /></span>
    </li>
  );
}
