/**
 * The table itself. A row is one link; arrow keys, j and k move between rows, Home and End to the ends, Enter opens. On a narrow screen
 * each row becomes a card (roles are spelled out, since another `display` takes a table's meaning away).
 */
import { Skeleton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";

import { dicomDate, modalities, personName } from "../../format/dicom";
import { text } from "../../text";
import { StateMark } from "../../parts/StateMark";
import { Glance } from "./Glance";
import classes from "./StudyTable.module.css";
import type { Row } from "./useRows";

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();
const names = text.studies.columns;

const columns = helper.columns([
  helper.display({ id: "patient", header: names.patient, cell: ({ row }) => <Patient row={row.original} /> }),
  helper.display({ id: "id", header: names.id, cell: ({ row }) => <Cut words={row.original.study.patient_id} /> }),
  helper.display({ id: "date", header: names.date, cell: ({ row }) => <span className={`${classes.date} number`}>{dicomDate(row.original.study.date)}</span> }),
  helper.display({ id: "description", header: names.description, cell: ({ row }) => <Description words={row.original.study.description} /> }),
  helper.display({
    id: "modalities",
    header: names.modalities,
    cell: ({ row }) => <Modalities joined={row.original.study.modalities} />,
  }),
  helper.display({
    id: "images",
    header: names.images,
    cell: ({ row: { original: { study } } }) => (
      <span className="number" title={text.studies.countsLong(study.series, study.instances)}>{text.studies.counts(study.series, study.instances)}</span>
    ),
  }),
  helper.display({
    id: "state",
    header: names.state,
    cell: ({ row }) => row.original.headline ? <StateMark headline={row.original.headline} /> : <Skeleton height={12} width="60%" my={12} />,
  }),
  helper.display({ id: "result", header: names.result, cell: ({ row }) => <Glance story={row.original.story} /> }),
]);

function Cut({ words }: { words: string }) {
  return <span className={classes.cut} title={words}>{words}</span>;
}

/** On two lines at most, which a row is high enough for. */
function Description({ words }: { words: string }) {
  return <span className={classes.description} title={words}>{words}</span>;
}

/** Two of them, and how many more there are. */
function Modalities({ joined }: { joined: string }) {
  const all = modalities(joined);
  return (
    <span className={classes.modalities} title={all.join(", ")}>
      {all.slice(0, 2).map((one) => <span key={one} className={classes.modality}>{one}</span>)}
      {all.length > 2 && text.studies.moreModalities(all.length - 2)}
    </span>
  );
}

/** The name as the row's link; its place in the tab order follows the arrow keys. */
function Patient({ row }: { row: Row }) {
  const { name, others } = personName(row.study.patient_name);
  return (
    <span className={classes.patient}>
      <Link to="/studies/$study" params={{ study: row.study.study }} className={classes.open} title={[name, ...others].join(" · ")}>
        {name || text.studies.unnamed}
      </Link>
      {others.length > 0 && <span className={classes.others}>{others.join(" · ")}</span>}
    </span>
  );
}

const MOVES: Record<string, (at: number, last: number) => number> = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: (_, last) => last };

export function StudyTable({ rows, hidden }: { rows: Row[]; hidden: readonly string[] }) {
  const shown = useMemo(() => columns.filter((one) => !hidden.includes(one.id ?? "")), [hidden]);
  const table = useTable({ features, columns: shown, data: rows, getRowId: (row) => row.study.study });
  const [current, setCurrent] = useState("");
  const body = useRef<HTMLTableSectionElement>(null);
  /** To the row that `where` names by the one at hand (-1: none). */
  const go = (where: (at: number, last: number) => number) => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>(`a.${classes.open}`) ?? [])];
    const last = links.length - 1;
    links[Math.min(last, Math.max(0, where(links.indexOf(document.activeElement as HTMLElement), last)))]?.focus();
  };
  useHotkeys([["j", () => go((at) => at + 1)], ["k", () => go((at) => at - 1)]]);
  const move = (event: KeyboardEvent) => {
    const where = MOVES[event.key];
    if (!where || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(where);
  };
  const all = table.getRowModel().rows;
  if (all.length === 0) return null;
  return (
    <table className={classes.table} role="table">
      <caption className="hidden">{text.studies.caption}</caption>
      <thead role="rowgroup">
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id} role="row">
            {group.headers.map((header) => (
              <th key={header.id} role="columnheader" scope="col" data-column={header.column.id}><table.FlexRender header={header} /></th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody ref={body} role="rowgroup" onKeyDown={move} onFocus={(event) => setCurrent(event.target.closest("tr")?.dataset.study ?? "")}>
        {all.map((row) => (
          <tr key={row.id} role="row" data-study={row.id} data-current={row.id === current || undefined}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id} role="cell" data-column={cell.column.id}><table.FlexRender cell={cell} /></td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function TableSkeleton() {
  return (
    <div className={`card ${classes.skeleton}`} aria-busy="true" aria-label={text.common.loading}>
      {Array.from({ length: 8 }, (_, index) => <Skeleton key={index} height={14} />)}
    </div>
  );
}
