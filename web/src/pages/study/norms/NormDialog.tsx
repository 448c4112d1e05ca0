/** One structure's norm by age: a chart a side, what the figures mean, and the curves as a table. */
import { ActionIcon, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { curvesQuery } from "../../../api/queries";
import { Cross } from "../../../parts/icons";
import { capital } from "../../../story/findings";
import { curveOf, type Curves, type Standing } from "../../../story/norms";
import { text } from "../../../text";
import { AgeChart, AgeTable, rangeOf, type Prior } from "./AgeChart";
import { nameOf } from "./name";
import classes from "./NormDialog.module.css";

interface NormProps {
  job: string;
  /** Whether the result has the curves among its files. */
  curves: boolean;
  name: string;
  age: number;
  standings: Standing[];
  /** The earlier volume of a standing, where one was measured. */
  priorOf: (standing: Standing) => Prior | undefined;
  onClose: () => void;
}

export function NormDialog({ job, curves, name, age, standings, priorOf, onClose }: NormProps) {
  const words = text.norms.chart;
  const dialog = useRef<HTMLDialogElement>(null);
  const read = useQuery({ ...curvesQuery(job), enabled: curves });
  useEffect(() => dialog.current?.showModal(), []);
  const range = rangeOf(standings.flatMap((one) => [one.ml, priorOf(one)?.ml ?? one.ml, ...((read.data && curveOf(read.data, one)?.ml.flat()) ?? [])]));
  return (
    <dialog ref={dialog} className={classes.dialog} aria-label={words.title(capital(text.structure(name)))} onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}>
      <div className={classes.body}>
        <header className={classes.head}>
          <h2>{words.title(capital(text.structure(name)))}</h2>
          <ActionIcon variant="subtle" color="gray" aria-label={text.common.close} onClick={() => dialog.current?.close()}><Cross /></ActionIcon>
        </header>
        <div className={classes.sides}>
          {standings.map((standing) => (
            <Side key={standing.name} standing={standing} age={age} curves={read.data} prior={priorOf(standing)} range={range}
            waiting={curves && read.isPending} />
          ))}
        </div>
        {!curves && <p className="dim">{words.absent}</p>}
        {read.isError && <p role="alert">{words.failed(read.error.message)}</p>}
        {read.data && (
          <p className={classes.key}>
            <span data-key="band">{words.band}</span><span data-key="inner">{words.inner}</span><span data-key="middle">{words.middle}</span>
          </p>
        )}
      </div>
    </dialog>
  );
}

interface SideProps {
  standing: Standing;
  age: number;
  curves?: Curves;
  prior?: Prior;
  range: [number, number];
  waiting: boolean;
}

function Side({ standing, age, curves, prior, range, waiting }: SideProps) {
  const words = text.norms.chart;
  const curve = curves && curveOf(curves, standing);
  return (
    <section className={classes.side} aria-label={nameOf(standing)}>
      <h3>{nameOf(standing)}</h3>
      <p className={classes.point}>{words.point(standing.ml, standing.centile, standing.low, standing.high)}</p>
      {waiting && <Skeleton className={classes.wait} aria-label={words.loading} />}
      {curves && curve && <AgeChart standing={standing} age={age} ages={curves.ages} ml={curve.ml} prior={prior} range={range} />}
      <p className={classes.said}>{words.expected(standing.expected)}</p>
      {standing.second && <p className={classes.said}>{words.second(...standing.second)}</p>}
      {curves && curve && (
        <details className={classes.figures}>
          <summary>{words.table}</summary>
          <AgeTable curves={curves} ml={curve.ml} name={nameOf(standing)} />
        </details>
      )}
    </section>
  );
}
