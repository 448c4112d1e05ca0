/** The story of a study: every event in order, in plain words; a click shows all that the log knows about it. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { MOST_EVENTS } from "../../api/calls";
import { storyQuery } from "../../api/queries";
import { dayOf, exact } from "../../format/time";
import { ProblemBox } from "../../parts/Message";
import { When } from "../../parts/When";
import { linesOf, type Line } from "../../story/lines";
import { toneOf } from "../../story/tone";
import { text } from "../../text";
import classes from "./StoryLog.module.css";

export function StoryLog({ uid, superseded }: { uid: string; superseded: Set<number> }) {
  const events = useQuery(storyQuery(uid));
  const lines = useMemo(() => linesOf(events.data ?? []), [events.data]);
  const words = text.study;
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="story-title">
      <div>
        <h2 id="story-title">{words.story}</h2>
        <p className={classes.hint}>{words.storyHint}</p>
        <p className={classes.ways}>
          <Link to="/events" search={{ study: uid }}>{words.storyInLog}</Link>
          <Link to="/rules" search={{ study: uid }}>{words.storyRules}</Link>
        </p>
      </div>
      {events.isPending && <Skeleton height={240} />}
      {events.isError && <ProblemBox title={text.errors.storyTitle} error={events.error} onRetry={() => void events.refetch()} />}
      {events.isSuccess && lines.length === 0 && <p className="dim">{words.storyEmpty}</p>}
      <ol className={classes.lines}>
        {lines.map((line, index) => {
          const day = dayOf(line.at);
          const newDay = index === 0 || dayOf(lines[index - 1]!.at) !== day;
          return (
            <li key={line.key} data-day={newDay || undefined}>
              {newDay && <span className={classes.day}>{day}</span>}
              <OneLine line={line} superseded={line.events.some((event) => superseded.has(event.seq))} />
            </li>
          );
        })}
      </ol>
      {(events.data?.length ?? 0) >= MOST_EVENTS && <p className="dim">{words.storyCut(MOST_EVENTS)}</p>}
    </section>
  );
}

function OneLine({ line, superseded }: { line: Line; superseded: boolean }) {
  const last = line.events.at(-1)!;
  return (
    <details className={classes.line} data-tone={toneOf(line.type)} data-type={line.type}>
      <summary>
        <span className={classes.time}><When at={line.at} short /></span>
        <span className={classes.point} aria-hidden="true" />
        <span className={classes.words}>
          {line.words}
          {superseded && <span className={classes.superseded} title={text.study.supersededHint}>{text.study.superseded}</span>}
        </span>
        <span className={classes.service}>{line.service}</span>
      </summary>
      <Fields line={line} />
      <p className={classes.foot}>
        <span className="mono">{line.type}</span> · {line.events.length > 1 ? `${text.study.eventNumber(line.events[0]!.seq)} – ${last.seq}` : text.study.eventNumber(last.seq)} · {exact(last.at)}
      </p>
    </details>
  );
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** More than a few lines scrolls within its own box. */
function Value({ words }: { words: string }) {
  return words.length > 300 ? <pre className={classes.long} tabIndex={0}>{words}</pre> : words;
}

/** Of several events, those fields that all share; they differ in number and UID only. */
function Fields({ line }: { line: Line }) {
  const first = line.events[0]!;
  const fields = Object.entries(first.fields).filter(
    ([name, value]) => line.events.length === 1 || line.events.every((event) => shown(event.fields[name]) === shown(value)),
  );
  return (
    <dl className={classes.fields}>
      {fields.map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd className="mono"><Value words={shown(value)} /></dd></div>
      ))}
    </dl>
  );
}
