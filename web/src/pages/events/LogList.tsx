/** The events in memory, of which only those in sight are in the page. */
import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { text } from "../../text";
import classes from "./LogList.module.css";
import { Row } from "./Row";
import type { Log } from "./useLog";

const ROW_PX = 37;
const NEAR = 20;  // rows from either end, where more is read

interface LogListProps {
  log: Log;
  onFilter(name: string, value: string): void;
  /** Somebody reads here: what is new has to wait. */
  onReading(reading: boolean): void;
}

export function LogList({ log, onFilter, onReading }: LogListProps) {
  const { events, older, cutNewer } = log.window;
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [away, setAway] = useState(false);
  const [pointing, setPointing] = useState(false);
  // eslint-disable-next-line react-hooks/incompatible-library -- the rows are made anew with each of its renders
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => events[index]!.seq,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;

  useEffect(() => onReading(away || pointing || open.size > 0), [onReading, away, pointing, open]);
  const { readOlder, readNewer, busy, error } = log;
  useEffect(() => {
    if (busy || error !== undefined) return;
    if (older !== undefined && last >= events.length - NEAR) readOlder();
    else if (cutNewer && first <= NEAR) readNewer();
  }, [busy, error, older, cutNewer, first, last, events.length, readOlder, readNewer]);

  const toggle = (seq: number) => {
    const next = new Set(open);
    if (!next.delete(seq)) next.add(seq);
    setOpen(next);
  };
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = Number((document.activeElement as HTMLElement | null)?.dataset.row ?? NaN);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: events.length - 1 }[event.key];
    if (to === undefined || Number.isNaN(at)) return;
    event.preventDefault();
    const index = Math.min(events.length - 1, Math.max(0, to));
    rows.scrollToIndex(index);
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  };

  return (
    <>
      <div ref={frame} className={classes.frame} role="region" aria-label={text.log.region} tabIndex={0} onKeyDown={move}
        onScroll={(event) => setAway(event.currentTarget.scrollTop > ROW_PX / 2)}
        onPointerEnter={(event) => setPointing(event.pointerType === "mouse")} onPointerLeave={() => setPointing(false)}>
        <ol className={classes.rows} style={{ height: rows.getTotalSize() }}>
          {shown.map((item) => {
            const event = events[item.index]!;
            return (
              <li key={item.key} ref={rows.measureElement} data-index={item.index} className={classes.row} style={{ transform: `translateY(${item.start}px)` }}>
                <Row event={event} index={item.index} open={open.has(event.seq)} onToggle={() => toggle(event.seq)} onFilter={onFilter} />
              </li>
            );
          })}
        </ol>
      </div>
      <div className={classes.foot}>
        <span className="dim number" role="status">{text.log.shown(events[0]!.seq, events.at(-1)!.seq, older === undefined)}</span>
        {older !== undefined && <Button variant="default" size="xs" loading={busy} onClick={readOlder}>{text.log.older}</Button>}
      </div>
    </>
  );
}
