import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { seriesQuery } from "../../api/queries";
import type { Series } from "../../api/types";
import { count } from "../../format/number";
import { ProblemBox } from "../../parts/Message";
import { text } from "../../text";
import classes from "./SeriesTable.module.css";

/** Many models already begin with their maker's name. */
const device = ({ manufacturer, model }: Series) => (model.startsWith(manufacturer) ? model : `${manufacturer} ${model}`.trim());

/** The series of a study, results among them. */
export function SeriesTable({ uid }: { uid: string }) {
  const series = useQuery(seriesQuery(uid));
  const words = text.study;
  const rows = [...(series.data ?? [])].sort((a, b) => a.number - b.number);
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="series-title">
      <h2 id="series-title">{words.series}</h2>
      {series.isPending && <Skeleton height={60} />}
      {series.isError && <ProblemBox title={text.errors.studyTitle} error={series.error} onRetry={() => void series.refetch()} />}
      {series.isSuccess && rows.length === 0 && <p className="dim">{words.seriesEmpty}</p>}
      <ul className={classes.list}>
        {rows.map((one) => (
          <li key={one.series} className={classes.row} title={one.series}>
            <span className={classes.modality}>{one.modality || "?"}</span>
            <span className={classes.what}>
              <span className={classes.name}>{one.description || one.protocol || text.common.unknown}</span>
              <span className={classes.more}>{[one.body_part, device(one)].filter(Boolean).join(" · ")}</span>
            </span>
            <span className={`${classes.count} number`}>{count(one.instances)}<span className="hidden"> {words.seriesColumns.images}</span></span>
          </li>
        ))}
      </ul>
    </section>
  );
}
