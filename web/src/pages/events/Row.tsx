/** One event in words; opened, all that it says, each thing to filter by, and the event as it stands in the log. */
import { Link } from "@tanstack/react-router";

import type { Event } from "../../api/types";
import { exact } from "../../format/time";
import { CopyButton } from "../../parts/CopyText";
import { Chevron } from "../../parts/icons";
import { When } from "../../parts/When";
import { eventWords } from "../../story/stepWords";
import { toneOf } from "../../story/tone";
import { text } from "../../text";
import classes from "./Row.module.css";

interface RowProps {
  event: Event;
  index: number;
  open: boolean;
  onToggle(): void;
  onFilter(name: string, value: string): void;
}

export function Row({ event, index, open, onToggle, onFilter }: RowProps) {
  const id = `event-${event.seq}`;
  return (
    <div className={classes.line} data-tone={toneOf(event.type)} data-open={open || undefined}>
      <button type="button" className={classes.summary} data-row={index} data-seq={event.seq} aria-expanded={open} aria-controls={open ? id : undefined} onClick={onToggle}>
        <Chevron size={12} />
        <span className={classes.time}><When at={event.at} /></span>
        <span className={classes.point} aria-hidden="true" />
        <span className={classes.words}>{eventWords(event.type, event.fields, event.words)}</span>
        <span className={`mono ${classes.type}`}>{event.type}</span>
      </button>
      {open && <Opened event={event} id={id} onFilter={onFilter} />}
    </div>
  );
}

const plain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value) && String(value) !== "" && String(value).length <= 200;

function Opened({ event, id, onFilter }: { event: Event; id: string; onFilter(name: string, value: string): void }) {
  const words = text.log;
  const said = Object.entries({ type: event.type, service: event.service, study: event.study, ...event.fields }).filter(([, value]) => plain(value));
  const raw = JSON.stringify(event, null, 2);
  return (
    <div id={id} className={classes.opened}>
      <div className={classes.facts}>
        <p className={classes.exact}>{text.study.eventNumber(event.seq)} · {exact(event.at)}</p>
        {event.study && (
          <p className={classes.ways}>
            <Link to="/studies/$study" params={{ study: event.study }}>{words.openStudy}</Link>
            <button type="button" onClick={() => onFilter("study", event.study)}>{words.onlyStudy}</button>
          </p>
        )}
        <dl className={classes.fields}>
          {said.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd><button type="button" className="mono" title={words.filterBy(name)} onClick={() => onFilter(name, String(value))}>{String(value)}</button></dd>
            </div>
          ))}
        </dl>
      </div>
      <div className={classes.raw}>
        <span className={classes.copy}><CopyButton value={raw} label={words.copyRaw} /></span>
        <pre className="mono" tabIndex={0} aria-label={words.raw}>{raw}</pre>
      </div>
    </div>
  );
}
