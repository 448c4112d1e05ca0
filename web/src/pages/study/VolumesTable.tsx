/**
 * Volumes by structure and side, and where they stand among healthy people. The bar repeats what the asymmetry's figure says: which
 * side is larger, and how much.
 */
import { useState, type ReactNode } from "react";

import type { VolumeRow, Volumes } from "../../story/findings";
import { capital } from "../../story/findings";
import { standingsOf, type Norms, type Standing } from "../../story/norms";
import { text } from "../../text";
import type { Prior } from "./norms/AgeChart";
import { nameOf } from "./norms/name";
import { NormDialog } from "./norms/NormDialog";
import { marksOf, Strip } from "./norms/Strip";
import classes from "./VolumesTable.module.css";

/** An asymmetry of so many per cent fills its half of the bar. */
const FULL_LEAN = 20;

interface TableProps {
  volumes: Volumes;
  norms?: Norms;
  job: string;
  /** Which result these belong to; a page may show several. */
  of: string;
  /** Whether the norm's curves are among the result's files. */
  curves: boolean;
  priorOf: (standing: Standing) => Prior | undefined;
  /** Finds a structure in the images, where they are shown. */
  onGoTo?: (name: string) => void;
}

interface Shown {
  name: string;
  standings: Standing[];
}

export function VolumesTable({ volumes, norms, job, of, curves, priorOf, onGoTo }: TableProps) {
  const words = text.study;
  const [open, setOpen] = useState<Shown>();
  if (volumes.rows.length === 0) return <p className="dim">{words.noVolumes}</p>;
  const shares = volumes.intracranial !== undefined;
  const healthy = norms !== undefined && norms.standings.length > 0;
  const sums = norms?.standings.filter((one) => one.id === 0) ?? [];
  return (
    <div className={classes.block}>
      {healthy && <p className={classes.reference}>{text.norms.reference(norms.sex, norms.age)}</p>}
      {norms?.noneBecause && <p className={classes.reference}>{text.norms.none(norms.noneBecause)}</p>}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${words.volumesCaption}, ${of}`}>
        <table className={classes.table}>
          <caption className="hidden">{words.volumesCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.structure}</th>
              <th scope="col" className={classes.figure}>{words.left} <small>{words.mlUnit}</small></th>
              <th scope="col" className={classes.figure}>{words.right} <small>{words.mlUnit}</small></th>
              <th scope="col" className={classes.figure}>{words.total} <small>{words.mlUnit}</small></th>
              {healthy && <th scope="col" title={text.norms.columnHint}>{text.norms.column} <small>{text.norms.columnSides}</small></th>}
              <th scope="col" className={classes.figure} title={words.asymmetryHint}>{words.asymmetry}</th>
              {shares && <th scope="col" className={classes.figure} title={words.shareHint}>{words.share}</th>}
            </tr>
          </thead>
          <tbody>
            {volumes.rows.map((row) => (
              <Row key={row.name} row={row} shares={shares} healthy={healthy} standings={standingsOf(norms, row.ids)} onGoTo={onGoTo} onOpen={setOpen} />
            ))}
          </tbody>
          {sums.length > 0 && (
            <tbody aria-label={text.norms.sums}>
              {sums.map((one) => <Sum key={one.name} standing={one} shares={shares} intracranial={volumes.intracranial} onOpen={setOpen} />)}
            </tbody>
          )}
          {volumes.intracranial !== undefined && (
            <tfoot>
              <tr>
                <th scope="row">{words.intracranial}</th>
                <td /><td />
                <td className={classes.figure}>{words.ml(volumes.intracranial)}</td>
                {healthy && <td />}
                <td /><td />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {norms?.method && <details className={classes.method}><summary>{text.norms.method}</summary><p>{text.told(norms.method)}</p></details>}
      {open && norms?.age !== undefined && (
        <NormDialog job={job} curves={curves} name={open.name} age={norms.age} standings={open.standings} priorOf={priorOf} onClose={() => setOpen(undefined)} />
      )}
    </div>
  );
}

interface RowProps {
  row: VolumeRow;
  shares: boolean;
  healthy: boolean;
  standings: Standing[];
  onGoTo?: (name: string) => void;
  onOpen: (shown: Shown) => void;
}

function Row({ row, shares, healthy, standings, onGoTo, onOpen }: RowProps) {
  const words = text.study;
  return (
    <tr>
      <th scope="row">
        {onGoTo ? <FindButton title={words.goTo(text.structure(row.name))} onClick={() => onGoTo(row.name)}>{capital(text.structure(row.name))}</FindButton> : capital(text.structure(row.name))}
      </th>
      <td className={classes.figure}>{row.left !== undefined && words.ml(row.left)}</td>
      <td className={classes.figure}>{row.right !== undefined && words.ml(row.right)}</td>
      <td className={classes.figure}>{words.ml(row.total)}</td>
      {healthy && <td>{standings.length > 0 && <Place name={row.name} standings={standings} onOpen={onOpen} />}</td>}
      <td className={classes.figure}>
        {row.asymmetry !== undefined && (
          <span className={classes.lean}>
            <Lean value={row.asymmetry} />
            <span className={classes.leanFigure}>{words.signed(row.asymmetry)}</span>
          </span>
        )}
      </td>
      {shares && <td className={classes.figure}>{row.share !== undefined && words.percent(row.share, row.share < 1 ? 2 : 1)}</td>}
    </tr>
  );
}

/** A row's name that shows it in the images. */
export function FindButton(props: { title: string; onClick: () => void; children: ReactNode }) {
  return <button type="button" className={classes.find} {...props} />;
}

function Sum({ standing, shares, intracranial, onOpen }: { standing: Standing; shares: boolean; intracranial?: number; onOpen: (shown: Shown) => void }) {
  const words = text.study;
  const name = nameOf(standing);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td /><td />
      <td className={classes.figure}>{words.ml(standing.ml)}</td>
      <td><Place name={name} standings={[standing]} onOpen={onOpen} /></td>
      <td />
      {shares && <td className={classes.figure}>{intracranial && words.percent((100 * standing.ml) / intracranial)}</td>}
    </tr>
  );
}

/** The place in the healthy band with its centiles; opens the chart over age. */
function Place({ name, standings, onOpen }: { name: string; standings: Standing[]; onOpen: (shown: Shown) => void }) {
  const said = standings.map((one) => text.norms.standing(nameOf(one), one.centile, one.low, one.high)).join("; ");
  return (
    <button type="button" className={classes.place} title={said} onClick={() => onOpen({ name, standings })}>
      <Strip marks={marksOf(standings)} />
      <span>{standings.map((one) => text.norms.centile(one.centile)).join(" | ")}</span>
      <span className="hidden">{text.norms.show(said)}</span>
    </button>
  );
}

function Lean({ value }: { value: number }) {
  const width = (50 * Math.min(FULL_LEAN, Math.abs(value))) / FULL_LEAN;
  return (
    <span className={classes.axis} aria-hidden="true">
      <span data-side={value > 0 ? "left" : "right"} style={{ width: `${width}%`, left: value > 0 ? `${50 - width}%` : "50%" }} />
    </span>
  );
}
