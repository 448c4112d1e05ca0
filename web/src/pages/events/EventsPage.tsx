/** The log: everything that happens, as it happens, and by whatever an event says. */
import { Button, Skeleton } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";

import { Empty, ProblemBox } from "../../parts/Message";
import { text } from "../../text";
import classes from "./EventsPage.module.css";
import { Filters } from "./Filters";
import { LogList } from "./LogList";
import { choiceOf, type EventsSearch } from "./search";
import { useLog } from "./useLog";

const route = getRouteApi("/events");

export function EventsPage() {
  const search: EventsSearch = route.useSearch();
  const navigate = route.useNavigate();
  const [paused, setPaused] = useState(false);
  const [reading, setReading] = useState(false);
  // The router makes a new object for the same address.
  const said = JSON.stringify(search);
  const choice = useMemo(() => choiceOf(JSON.parse(said) as EventsSearch), [said]);
  const log = useLog(choice, paused || reading);
  const words = text.log;

  useEffect(() => {
    document.title = `${words.title} · ${text.product}`;
  }, [words.title]);

  const change = (next: EventsSearch) => void navigate({ search: next, replace: true });
  const add = (name: string, value: string) => {
    const kept = name === "type" && value.endsWith(".") ? {} : search;
    change({ ...search, ...kept, [name]: value });
  };
  const filtered = Object.keys(search).length > 0;
  const { events } = log.window;
  const empty = log.state === "read" && events.length === 0;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{words.title}</h1>
        <Filters search={search} onChange={change} paused={paused} onPause={() => setPaused(!paused)} />
      </div>
      {log.state === "failed" && <ProblemBox title={text.errors.logTitle} error={log.error} onRetry={log.again} />}
      {log.state === "reading" && <Loading />}
      {log.state === "read" && (
        <div className={`card ${classes.frame}`}>
          {log.fresh > 0 && <button type="button" className={classes.fresh} onClick={log.showFresh}>{words.fresh(log.fresh)}</button>}
          {empty && log.window.older === undefined && (
            <Empty title={filtered ? words.noMatch : words.empty}>
              <p>{filtered ? words.noMatchHint : words.emptyHint}</p>
              {filtered && <Button variant="default" size="xs" onClick={() => change({})}>{words.showAll}</Button>}
            </Empty>
          )}
          {empty && log.window.older !== undefined && (
            <Empty title={words.noneSoFar(log.window.older)}>
              <p>{words.noneSoFarHint}</p>
              <Button variant="default" size="xs" loading={log.busy} onClick={log.readOlder}>{words.lookOn}</Button>
            </Empty>
          )}
          {!empty && <LogList key={said} log={log} onFilter={add} onReading={setReading} />}
        </div>
      )}
      {log.state === "read" && log.error !== undefined && <ProblemBox title={text.errors.logMoreTitle} error={log.error} onRetry={log.readOlder} />}
    </div>
  );
}

function Loading() {
  return (
    <div className={`card ${classes.loading}`} aria-busy="true" aria-label={text.common.loading}>
      {Array.from({ length: 12 }, (_, index) => <Skeleton key={index} height={12} />)}
    </div>
  );
}
