/** The window on the log: read from the newest, followed live, held while somebody reads, read on at either end. */
import { useCallback, useEffect, useRef, useState } from "react";

import { eventStream, eventsBefore, eventsBehind, type EventChoice } from "../../api/calls";
import { Problem } from "../../api/client";
import { follow, whileSeen, type Link } from "../../api/live";
import type { Event } from "../../api/types";
import { NOTHING, opened, withNewer, withNewest, withOlder, type Window } from "./window";

/** Pages in which nothing fits are read on by themselves this often. */
const MOST_EMPTY = 5;
/** So many held events are kept to be shown; beyond, the newest are read anew. */
const MOST_HELD = 500;
const EVERY_MS = 150;
/** A first page that could not be read for a reason that passes is asked for again. */
const AGAIN_MS = 3000;

export interface Log {
  window: Window;
  /** First page, or none yet. */
  state: "reading" | "read" | "failed";
  error?: unknown;
  /** Events that came while the window was held. */
  fresh: number;
  busy: boolean;
  showFresh(): void;
  readOlder(): void;
  readNewer(): void;
  again(): void;
}

/** `choice` must keep its identity while it says the same. */
export function useLog(choice: EventChoice, held: boolean): Log {
  const [window, setWindow] = useState<Window>(NOTHING);
  const [state, setState] = useState<Log["state"]>("reading");
  const [error, setError] = useState<unknown>();
  const [fresh, setFresh] = useState(0);
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const working = useRef(false);
  const waiting = useRef<Event[]>([]);
  const missed = useRef(false);
  const holding = useRef(held);
  const shown = useRef(window);
  useEffect(() => { shown.current = window; }, [window]);

  const again = useCallback(() => setTurn((before) => before + 1), []);

  const pass = useCallback(() => {
    const { cutNewer } = shown.current;
    if (holding.current || cutNewer) return setFresh(waiting.current.length);
    const events = waiting.current;
    waiting.current = [];
    setFresh(0);
    if (missed.current) return again();
    if (events.length > 0) setWindow((before) => withNewest(before, events));
  }, [again]);

  useEffect(() => {
    holding.current = held;
    if (!held) pass();
  }, [held, pass]);

  // A new choice, or a new start: the newest page, then what happens from there on.
  useEffect(() => {
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let end: (() => void) | undefined;
    waiting.current = [];
    missed.current = false;
    const take = (event: Event) => {
      if (waiting.current.length < MOST_HELD) waiting.current.push(event);
      else missed.current = true;
      timer ??= setTimeout(() => { timer = undefined; pass(); }, EVERY_MS);
    };
    const first = async () => {
      try {
        let page = await eventsBefore(choice, undefined, control.signal);
        const { last } = page;
        for (let empty = 0; page.items.length === 0 && page.next && empty < MOST_EMPTY; empty++)
          page = await eventsBefore(choice, Number(page.next), control.signal);
        setWindow(opened(page));
        setState("read");
        setFresh(0);
        setError(undefined);
        const listener = { onEvent: take, onGap: again, onLink: (link: Link) => { if (link === "live") setError(undefined); } };
        end = whileSeen(follow(listener, undefined, { after: last, address: (after) => eventStream(choice, after) }));
      } catch (cause) {
        if (control.signal.aborted) return;
        setError(cause);
        setState("failed");
        if (Problem.of(cause).passing) timer = setTimeout(again, AGAIN_MS);
      }
    };
    void first();
    return () => {
      control.abort();
      clearTimeout(timer);
      end?.();
    };
  }, [choice, turn, pass, again]);

  const read = useCallback(async (more: (window: Window) => Promise<Window>) => {
    if (working.current) return;
    working.current = true;
    setBusy(true);
    try {
      const next = await more(shown.current);
      setWindow(next);
      setError(undefined);
    } catch (cause) {
      setError(cause);
    } finally {
      working.current = false;
      setBusy(false);
    }
  }, []);

  const readOlder = useCallback(() => void read(async (before) => {
    let after = before;
    for (let pages = 0; pages < MOST_EMPTY && after.older !== undefined; pages++) {
      after = withOlder(after, await eventsBefore(choice, after.older));
      if (after.events.length > before.events.length || after.events.at(-1) !== before.events.at(-1)) break;
    }
    return after;
  }), [read, choice]);

  const readNewer = useCallback(() => void read(async (before) =>
    before.cutNewer ? withNewer(before, await eventsBehind(choice, before.events[0]?.seq ?? 0)) : before,
  ), [read, choice]);

  const showFresh = useCallback(() => {
    if (shown.current.cutNewer || missed.current) return again();
    holding.current = false;
    pass();
  }, [again, pass]);

  return { window, state, error, fresh, busy, showFresh, readOlder, readNewer, again };
}
