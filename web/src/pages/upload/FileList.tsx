/** Each file with what became of it, those that were not taken first. */
import { useMemo, useState } from "react";

import { bytes } from "../../format/number";
import { text } from "../../text";
import classes from "./FileList.module.css";
import type { Item, ItemState } from "./queue";

/** A page with more rows than this is slow, and nobody reads them. */
const MOST_ROWS = 400;
const RANK: Record<ItemState, number> = { failed: 0, refused: 1, stopped: 2, sending: 3, waiting: 4, done: 5 };
const words = text.upload;
const partly = (item: Item) => (item.report?.refused_count ?? 0) > 0;
const isProblem = (item: Item) => ["failed", "refused", "stopped"].includes(item.state) || partly(item);

export function FileList({ items }: { items: readonly Item[] }) {
  const [onlyProblems, setOnlyProblems] = useState(false);
  const rows = useMemo(() => {
    const wanted = onlyProblems ? items.filter(isProblem) : [...items];
    const rank = (item: Item) => (item.state === "done" && partly(item) ? 1.5 : RANK[item.state]);
    return wanted.sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  }, [items, onlyProblems]);
  return (
    <section className={`card ${classes.frame}`}>
      <label className={classes.filter}>
        <input type="checkbox" checked={onlyProblems} onChange={(event) => setOnlyProblems(event.currentTarget.checked)} /> {words.onlyProblems}
      </label>
      <table className={classes.table}>
        <caption className="hidden">{words.caption}</caption>
        <thead>
          <tr><th scope="col">{words.columns.file}</th><th scope="col" className={classes.size}>{words.columns.size}</th><th scope="col">{words.columns.what}</th></tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((item) => (
            <tr key={item.id} data-state={item.state}>
              <td><span className={classes.name} title={item.name}>{item.name}</span></td>
              <td className={`${classes.size} number`}>{bytes(item.size)}</td>
              <td className={classes.what}><Fate item={item} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className={classes.cut}>{words.listCut(rows.length - MOST_ROWS)}</p>}
    </section>
  );
}

function Fate({ item }: { item: Item }) {
  switch (item.state) {
    case "waiting":
      return <span className="dim">{words.waiting}</span>;
    case "sending":
      return <span>{item.sent >= item.size ? words.storing : words.sending(Math.floor((100 * item.sent) / Math.max(1, item.size)))}</span>;
    case "stopped":
      return <span className="dim">{words.stopped}</span>;
    case "failed":
      return <span className={classes.bad}>{words.failed(item.reason)}</span>;
    case "refused":
      return <Refused item={item} />;
    case "done":
      return <Done item={item} />;
  }
}

function Done({ item }: { item: Item }) {
  const { taken = 0, duplicates = 0 } = item.report ?? {};
  const parts = [taken > 0 && words.taken(taken), duplicates > 0 && words.duplicate(duplicates)].filter(Boolean);
  return (
    <>
      <span className={taken > 0 ? classes.ok : undefined}>{parts.join(", ") || words.nothing}</span>
      {partly(item) && <RefusedList item={item} />}
    </>
  );
}

function Refused({ item }: { item: Item }) {
  if ((item.report?.refused_count ?? 0) > 1) return <RefusedList item={item} />;
  return <span className={classes.warn}>{words.refused(item.reason)}</span>;
}

function RefusedList({ item }: { item: Item }) {
  const report = item.report!;
  return (
    <details className={classes.refused}>
      <summary>{words.refusedSome(report.refused_count)}</summary>
      <ul>
        {report.refused.map((one, index) => <li key={index}><span className="mono">{one.name}</span>: {one.reason}</li>)}
        {report.refused_count > report.refused.length && <li>{words.listCut(report.refused_count - report.refused.length)}</li>}
      </ul>
    </details>
  );
}
