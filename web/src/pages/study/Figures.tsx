/** The shorter tables of a result: indices, cortex by lobe. */
import type { Findings } from "../../story/findings";
import { capital } from "../../story/findings";
import type { Indices } from "../../story/norms";
import { lobesOf, type Lobes } from "../../story/tables";
import { text } from "../../text";
import classes from "./Figures.module.css";

export function Figures({ findings, indices }: { findings: Findings | undefined; indices?: Indices }) {
  const lobes = lobesOf(findings);
  return (
    <>
      {indices && <IndexList indices={indices} />}
      {lobes && <LobeTable lobes={lobes} />}
    </>
  );
}

function IndexList({ indices }: { indices: Indices }) {
  const words = text.norms.indices;
  const rows: [term: string, hint: string, value: string | undefined][] = [
    [words.brainFraction, words.brainFractionHint, indices.brainFraction !== undefined ? words.share(indices.brainFraction) : undefined],
    [words.ventricleToBrain, words.ventricleToBrainHint, indices.ventricleToBrain !== undefined ? words.share(indices.ventricleToBrain) : undefined],
    [words.hippocampalAsymmetry, words.asymmetryHint, indices.hippocampalAsymmetry !== undefined ? text.study.signed(indices.hippocampalAsymmetry) : undefined],
    [words.ventricularAsymmetry, words.asymmetryHint, indices.ventricularAsymmetry !== undefined ? text.study.signed(indices.ventricularAsymmetry) : undefined],
  ];
  if (rows.every(([, , value]) => value === undefined)) return null;
  return (
    <div role="group" className={classes.block} aria-label={words.title}>
      <h3>{words.title}</h3>
      <dl className={classes.indices}>
        {rows.map(([term, hint, value]) => value !== undefined && <div key={term} title={hint}><dt>{term}</dt><dd className="number">{value}</dd></div>)}
      </dl>
    </div>
  );
}

function LobeTable({ lobes }: { lobes: Lobes }) {
  const words = text.lobes;
  return (
    <div role="group" className={classes.block} aria-label={words.title}>
      <h3>{words.title}</h3>
      {lobes.noneBecause ? <p className="dim">{words.none(lobes.noneBecause)}</p> : (
        <table className={classes.table}>
          <thead>
            <tr><th scope="col">{text.study.structure}</th><th scope="col">{text.study.left} {text.study.mlUnit}</th><th scope="col">{text.study.right} {text.study.mlUnit}</th></tr>
          </thead>
          <tbody>
            {lobes.rows.map(({ name, left, right }) => (
              <tr key={name}>
                <th scope="row">{capital(text.structure(name))}</th>
                <td>{left !== undefined && text.study.ml(left)}</td>
                <td>{right !== undefined && text.study.ml(right)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
