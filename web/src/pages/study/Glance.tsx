/** What a reader asks first, above the images: the hippocampus and the brain among healthy people, and the change since the prior. */
import type { ReactNode } from "react";

import type { Change } from "../../story/change";
import { capital, glanceRow, type Volumes } from "../../story/findings";
import { standingsOf, type Norms, type Standing } from "../../story/norms";
import { text } from "../../text";
import classes from "./Glance.module.css";
import { nameOf } from "./norms/name";
import { marksOf, Strip } from "./norms/Strip";
import { FindButton } from "./VolumesTable";

interface GlanceProps {
  volumes: Volumes;
  norms?: Norms;
  change?: Change;
  /** Finds a structure in the images, where they are shown. */
  onGoTo?: (name: string) => void;
  /** Where on the page the change is told whole. */
  changeAt: string;
}

export function Glance({ volumes, norms, change, onGoTo, changeAt }: GlanceProps) {
  const row = glanceRow(volumes);
  if (!row) return null;
  const standings = standingsOf(norms, row.ids);
  const brain = norms?.standings.filter((one) => one.id === 0 && one.name === "brain") ?? [];
  const name = text.structure(row.name);
  const ml = { left: row.left, right: row.right, middle: row.left === undefined && row.right === undefined ? row.total : undefined };
  return (
    <div role="group" className={classes.cells} aria-label={text.glance.title}>
      <Cell title={onGoTo ? <FindButton title={text.study.goTo(name)} onClick={() => onGoTo(row.name)}>{capital(name)}</FindButton> : capital(name)} standings={standings}>
        {(["left", "right", "middle"] as const).map((side) => ml[side] !== undefined && (
          <Figure key={side} letter={side === "middle" ? "" : text.study.viewer.sides[side]} ml={ml[side]} standing={standings.find((one) => one.id === row.ids[side])} />
        ))}
      </Cell>
      {brain.map((one) => <Cell key={one.name} title={nameOf(one)} standings={[one]}><Figure letter="" ml={one.ml} standing={one} /></Cell>)}
      {norms?.noneBecause && <Cell title={text.norms.column}><span className={classes.quiet}>{text.norms.none(norms.noneBecause)}</span></Cell>}
      {change && <SincePrior change={change} age={norms?.age} at={changeAt} />}
    </div>
  );
}

function Cell({ title, standings = [], children }: { title: ReactNode; standings?: Standing[]; children: ReactNode }) {
  return (
    <div className={classes.cell}>
      <h4>{title}</h4>
      <div className={classes.body}>
        {standings.length > 0 && <Strip marks={marksOf(standings)} />}
        <div className={classes.lines}>{children}</div>
      </div>
    </div>
  );
}

function Figure({ letter, ml, standing }: { letter: string; ml: number; standing?: Standing }) {
  return (
    <span className={classes.figure}>
      {letter && <span className={classes.letter}>{letter}</span>}
      <strong>{text.study.viewer.volume(ml)}</strong>
      {standing && <span className={classes.quiet}>{text.norms.centileWord(standing.centile)}</span>}
    </span>
  );
}

function SincePrior({ change, age, at }: { change: Change; age?: number; at: string }) {
  const words = text.change;
  const brain = change.rows.find((one) => one.name === "brain");
  return (
    <Cell title={<a href={`#${at}`}>{words.title}</a>}>
      {change.verdict && <strong className={classes.verdict} data-verdict={change.verdict}>{words.verdict(change.verdict)}</strong>}
      {change.pace && age !== undefined ? <span className={classes.quiet}>{words.paceShort(change.pace, age)}</span>
        : brain ? <span className={classes.quiet}>{words.names.brain} {words.percent(brain.percent)}</span>
        : <span className={classes.quiet}>{words.notCompared}</span>}
    </Cell>
  );
}
