/** White-matter lesions: how many, how much, what is new since the prior, and one by one; each row leads to its place. */
import { capital } from "../../story/findings";
import type { Lesion, Lesions } from "../../story/tables";
import { text } from "../../text";
import figures from "./Figures.module.css";
import classes from "./Lesions.module.css";
import { FindButton } from "./VolumesTable";

interface LesionsProps {
  lesions: Lesions;
  /** Shows a place in the images, where they are shown. */
  onGoTo?: (centre: NonNullable<Lesion["centre"]>) => void;
}

export function LesionList({ lesions, onGoTo }: LesionsProps) {
  const words = text.lesions;
  return (
    <div role="group" className={figures.block} aria-label={words.title}>
      <h3>{words.title}</h3>
      {lesions.refused ? <p className="dim">{words.refused(lesions.refused)}</p> : (
        <>
          <p>{words.found(lesions.count, lesions.ml)} {lesions.series && <span className="dim">{words.on(lesions.series)}</span>}</p>
          {lesions.fresh !== undefined && <p className={classes.since}>{words.since(lesions.fresh, lesions.grown ?? 0)}</p>}
          {lesions.changeRefused && <p className="dim">{words.sinceRefused(lesions.changeRefused)}</p>}
          {lesions.lesions.length > 0 && <Rows lesions={lesions.lesions} compared={lesions.fresh !== undefined} onGoTo={onGoTo} />}
          {lesions.count > lesions.lesions.length && <p className="dim">{words.largest(lesions.lesions.length)}</p>}
        </>
      )}
    </div>
  );
}

function Rows({ lesions, compared, onGoTo }: { lesions: Lesion[]; compared: boolean; onGoTo: LesionsProps["onGoTo"] }) {
  const words = text.lesions;
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={words.list}>
      <table className={figures.table}>
        <thead>
          <tr><th scope="col">{words.place}</th><th scope="col">{words.volume}</th>{compared && <th scope="col">{words.prior}</th>}</tr>
        </thead>
        <tbody>
          {lesions.map(({ ml, centre, side, place, kind }, at) => {
            const name = words.lies(side, place) || (centre ? text.study.viewer.millimetres(centre) : words.unplaced);
            return (
              <tr key={at}>
                <th scope="row">
                  {onGoTo && centre ? <FindButton title={words.goTo(text.study.viewer.millimetres(centre))} onClick={() => onGoTo(centre)}>{capital(name)}</FindButton> : capital(name)}
                </th>
                <td>{text.study.ml(ml)}</td>
                {compared && <td className={classes.kind} data-kind={kind || undefined}>{words.kinds[kind]}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
