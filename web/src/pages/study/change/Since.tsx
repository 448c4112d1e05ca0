/** What changed since the prior: the verdict, the figures with their errors, and both scans side by side. */
import { Button, Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { TWO_SIDED, type Change, type ChangedRow } from "../../../story/change";
import { Warning } from "../../../parts/icons";
import { text } from "../../../text";
import classes from "./Since.module.css";

const BothScans = lazy(async () => ({ default: (await import("./BothScans")).BothScans }));

/** `id`: where links on the page lead. `age`: in completed years. `images`: whether the result has the prior's head and the change among its files. */
export function Since({ id, change, age, job, images }: { id: string; change: Change; age?: number; job: string; images: boolean }) {
  const words = text.change;
  const [open, setOpen] = useState(false);
  return (
    <div role="group" id={id} className={classes.block} aria-label={words.title}>
      <div className={classes.head}>
        <h3>{words.title}</h3>
        <span className="dim">{words.interval(change.years)}</span>
      </div>
      {change.refused && <p className={classes.refused}><Warning size={14} /> {words.refused(change.refused)}</p>}
      {change.rows.length > 0 && (
        <>
          <p className={classes.verdict} data-verdict={change.verdict || undefined}>{change.verdict ? words.verdict(change.verdict) : words.noVerdict}</p>
          {change.words && <p className={classes.words}>{change.pace && age !== undefined ? words.pace(change.pace, age) : words.words(change.words)}</p>}
          {change.warnings.map((one) => <p key={one} className={classes.refused}><Warning size={14} /> {text.told(one)}</p>)}
          <Rows rows={change.rows} />
          {images ? (
            <Button className={classes.show} size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? words.images.hide : words.images.show}</Button>
          ) : <p className="dim">{words.images.absent}</p>}
          {open && <Suspense fallback={<Skeleton className={classes.wait} />}><BothScans job={job} /></Suspense>}
          <details className={classes.method}>
            <summary>{words.method}</summary>
            <p>{text.told(change.method)}. {change.sources.length > 0 && words.sources(change.sources)}</p>
          </details>
        </>
      )}
      {change.priors && (
        <p className={classes.priors}>
          {text.told(change.priors)} {change.priorStudy && <Link to="/studies/$study" params={{ study: change.priorStudy }}>{words.openPrior}</Link>}
        </p>
      )}
    </div>
  );
}

function Rows({ rows }: { rows: ChangedRow[] }) {
  const { columns, ...words } = text.change;
  const yearly = rows.some((row) => row.perYear !== undefined);
  const reach = Math.max(...rows.map((row) => Math.abs(row.percent) + TWO_SIDED * row.error));
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={words.caption}>
      <table className={classes.table}>
        <caption className="hidden">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.structure}</th>
            <th scope="col">{columns.first} <small>{text.study.mlUnit}</small></th>
            <th scope="col">{columns.second} <small>{text.study.mlUnit}</small></th>
            <th scope="col" title={words.percentHint}>{columns.percent}</th>
            {yearly && <th scope="col" title={words.percentHint}>{columns.perYear}</th>}
            <th scope="col" className={classes.error} title={words.errorHint}>{columns.error}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{words.names[row.name] ?? row.name}</th>
              <td>{text.study.ml(row.first)}</td>
              <td>{text.study.ml(row.second)}</td>
              <td className={classes.percent}>{words.percent(row.percent)}</td>
              {yearly && <td>{row.perYear !== undefined && words.percent(row.perYear)}</td>}
              <td className={classes.error}>
                <span>
                  <ErrorBar row={row} reach={reach} />
                  {words.range(row.percent - TWO_SIDED * row.error, row.percent + TWO_SIDED * row.error)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The change with its range; zero stands in the middle. */
function ErrorBar({ row, reach }: { row: ChangedRow; reach: number }) {
  const width = 120;
  const x = (percent: number) => (width / 2) * (1 + (0.94 * percent) / reach);
  return (
    <svg className={classes.bar} width={width} height={16} viewBox={`0 0 ${width} 16`} aria-hidden="true">
      <line className={classes.zero} x1={width / 2} x2={width / 2} y1={1} y2={15} />
      <line className={classes.range} x1={x(row.percent - TWO_SIDED * row.error)} x2={x(row.percent + TWO_SIDED * row.error)} y1={8} y2={8} />
      <circle className={classes.point} cx={x(row.percent)} cy={8} r={3.4} />
    </svg>
  );
}
