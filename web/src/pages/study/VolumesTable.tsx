/** Volumes by structure and side. The bar repeats what the asymmetry's figure says: which side is larger, and how much. */
import type { VolumeRow, Volumes } from "../../story/findings";
import { capital } from "../../story/findings";
import { text } from "../../text";
import classes from "./VolumesTable.module.css";

/** An asymmetry of so many per cent fills its half of the bar. */
const FULL_LEAN = 20;

/** `of`: which result these belong to; a page may show several. `onGoTo`: finds a structure in the images, where they are shown. */
export function VolumesTable({ volumes, of, onGoTo }: { volumes: Volumes; of: string; onGoTo?: (name: string) => void }) {
  const words = text.study;
  if (volumes.rows.length === 0) return <p className="dim">{words.noVolumes}</p>;
  const shares = volumes.intracranial !== undefined;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${words.volumesCaption}, ${of}`}>
      <table className={classes.table}>
        <caption className="hidden">{words.volumesCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.structure}</th>
            <th scope="col" className={classes.figure}>{words.left} <small>ml</small></th>
            <th scope="col" className={classes.figure}>{words.right} <small>ml</small></th>
            <th scope="col" className={classes.figure}>{words.total} <small>ml</small></th>
            <th scope="col" className={classes.figure} title={words.asymmetryHint}>{words.asymmetry}</th>
            {shares && <th scope="col" className={classes.figure} title={words.shareHint}>{words.share}</th>}
          </tr>
        </thead>
        <tbody>
          {volumes.rows.map((row) => <Row key={row.name} row={row} shares={shares} onGoTo={onGoTo} />)}
        </tbody>
        {volumes.intracranial !== undefined && (
          <tfoot>
            <tr>
              <th scope="row">{words.intracranial}</th>
              <td /><td />
              <td className={classes.figure}>{words.ml(volumes.intracranial)}</td>
              <td /><td />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Row({ row, shares, onGoTo }: { row: VolumeRow; shares: boolean; onGoTo?: (name: string) => void }) {
  const words = text.study;
  return (
    <tr>
      <th scope="row">
        {onGoTo ? <button type="button" className={classes.find} title={words.goTo(row.name)} onClick={() => onGoTo(row.name)}>{capital(row.name)}</button> : capital(row.name)}
      </th>
      <td className={classes.figure}>{row.left !== undefined && words.ml(row.left)}</td>
      <td className={classes.figure}>{row.right !== undefined && words.ml(row.right)}</td>
      <td className={classes.figure}>{words.ml(row.total)}</td>
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

function Lean({ value }: { value: number }) {
  const width = (50 * Math.min(FULL_LEAN, Math.abs(value))) / FULL_LEAN;
  return (
    <span className={classes.axis} aria-hidden="true">
      <span data-side={value > 0 ? "left" : "right"} style={{ width: `${width}%`, left: value > 0 ? `${50 - width}%` : "50%" }} />
    </span>
  );
}
