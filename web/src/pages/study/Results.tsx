/** What was found: the standing result of each pipeline, and below it those that a later one replaced. */
import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";

import { fileAddress, objectAddress } from "../../api/calls";
import type { Result } from "../../api/types";
import { Download, Warning } from "../../parts/icons";
import { ProblemBox } from "../../parts/Message";
import { When } from "../../parts/When";
import { changeOf, earlierOf } from "../../story/change";
import { qualityOf, volumesOf } from "../../story/findings";
import { normsOf, type Standing } from "../../story/norms";
import { structuresOf } from "../../story/structures";
import { lesionsOf } from "../../story/tables";
import type { Phase, Story } from "../../story/derive";
import { text } from "../../text";
import { Actions } from "./Actions";
import { Since } from "./change/Since";
import { Figures } from "./Figures";
import { Glance } from "./Glance";
import { LesionList } from "./Lesions";
import { Pictures } from "./Pictures";
import { Report } from "./Report";
import classes from "./Results.module.css";
import type { Target } from "./viewer/Viewer";
import { VolumesTable } from "./VolumesTable";

const Viewer = lazy(async () => ({ default: (await import("./viewer/Viewer")).Viewer }));

/** What the viewer needs, and what both scans side by side and lesions need besides; another pipeline's result may have none of it. */
const SHOWN = ["head.nii.gz", "labels.nii.gz"];
const COMPARED = ["prior_head.nii.gz", "change.nii.gz"];
const BRIGHT = ["flair.nii.gz", "lesions.nii.gz"];

const WAITING: Partial<Record<Phase, keyof typeof text.study.resultsEmptyHint>> = {
  arriving: "arriving", complete: "underWay", queued: "underWay", analysing: "underWay", retrying: "underWay", failed: "failed",
  cancelled: "failed", refused: "refused", unmatched: "none", prior: "none",
};

/** `found`: those to show; while a reader points at what stands below, they are not yet the newest. */
export function Results({ results, found = [], story }: { results: UseQueryResult<Result[]>; found?: Result[]; story: Story }) {
  const words = text.study;
  const waiting = WAITING[story.phase] ?? "underWay";
  const standing = found.filter((result) => !result.superseded);
  const old = found.filter((result) => result.superseded);
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="results-title">
      <h2 id="results-title" className={standing.length > 0 ? "hidden" : undefined}>{words.results}</h2>
      {results.isError && <ProblemBox title={text.errors.resultsTitle} error={results.error} onRetry={() => void results.refetch()} />}
      {results.isSuccess && standing.length === 0 && (
        <p className={classes.none}>
          <strong>{waiting === "arriving" || waiting === "underWay" ? words.resultsEmpty : words.resultsNone}.</strong> {words.resultsEmptyHint[waiting]}
        </p>
      )}
      {standing.map((result) => <OneResult key={result.job} result={result} />)}
      {old.length > 0 && (
        <details className={classes.old}>
          <summary>{words.older(old.length)}</summary>
          {old.map((result) => <OneResult key={result.job} result={result} />)}
        </details>
      )}
    </section>
  );
}

function OneResult({ result }: { result: Result }) {
  const words = text.study;
  const volumes = volumesOf(result.findings);
  const quality = qualityOf(result.findings);
  const norms = normsOf(result.findings);
  const change = changeOf(result.findings);
  const lesions = lesionsOf(result.findings);
  const has = (files: string[]) => files.every((file) => result.files.includes(file));
  const structures = useMemo(() => structuresOf(result.findings), [result.findings]);
  const [target, setTarget] = useState<Target>();
  const viewed = !result.superseded && structures.length > 0 && has(SHOWN);
  const priorOf = (standing: Standing) => {
    const earlier = earlierOf(change, standing);
    return earlier && norms?.age !== undefined ? { age: norms.age - earlier.yearsBefore, ml: earlier.ml } : undefined;
  };
  const goTo = (name: string) => {
    const found = structures.find((one) => one.name === name);
    if (found) setTarget({ id: found.id });
  };
  const sheet = result.files.find((file) => file === "page.png");
  const pictures = result.files.filter((file) => /\.(png|jpe?g)$/i.test(file) && file !== sheet);
  const reports = result.files.filter((file) => /\.pdf$/i.test(file));
  return (
    <article className={classes.result} data-superseded={result.superseded || undefined}>
      <div className={classes.made}>
        <h3>{words.madeBy(result.pipeline, result.version)}</h3>
        <When at={result.made} />
        {result.generation > 1 && <span>{words.generation(result.generation)}</span>}
        {result.superseded && <span className={classes.superseded} title={words.supersededHint}>{words.superseded}</span>}
        {quality.series && <span title={text.told(quality.seriesReason)}>{words.measured(quality.series)}</span>}
        {quality.confidence !== undefined && <span className="number">{words.confidence(quality.confidence)}</span>}
      </div>
      <Flags flags={quality.flags} />
      <Glance volumes={volumes} norms={norms} change={change} onGoTo={viewed ? goTo : undefined} changeAt={`since-${result.job}`} />
      {viewed && (
        <Suspense fallback={<Skeleton className={classes.viewer} />}>
          <Viewer study={result.study} job={result.job} structures={structures} standings={norms?.standings ?? []} flair={has(BRIGHT)}
            compared={lesions?.lesions.some((one) => one.kind !== "") ?? false} target={target} />
        </Suspense>
      )}
      {change && <Since id={`since-${result.job}`} change={change} age={norms?.age} job={result.job} images={has(SHOWN) && has(COMPARED)} />}
      <div className={classes.parts} data-viewed={viewed || undefined}>
        <VolumesTable volumes={volumes} norms={norms} job={result.job} curves={has(["norms.json"])} priorOf={priorOf}
          onGoTo={viewed ? goTo : undefined} of={`${words.madeBy(result.pipeline, result.version)}, ${words.generation(result.generation)}`} />
        <div className={classes.side}>
          {lesions && <LesionList lesions={lesions} onGoTo={viewed && has(BRIGHT) ? (lesion) => setTarget({ lesion }) : undefined} />}
          <Figures findings={result.findings} indices={norms?.indices} />
          {reports.map((file) => <Report key={file} job={result.job} file={file} sheet={sheet} />)}
          {!result.superseded && <Actions result={result} />}
          {!viewed && pictures.length > 0 && <Pictures job={result.job} files={pictures} />}
        </div>
      </div>
      {viewed && pictures.length > 0 && <Pictures job={result.job} files={pictures} strip />}
      <Downloads result={result} />
      <details className={classes.raw}>
        <summary>{words.rawFindings}</summary>
        <pre tabIndex={0}>{JSON.stringify(result.findings, null, 2)}</pre>
      </details>
    </article>
  );
}

function Flags({ flags }: { flags: string[] }) {
  if (flags.length === 0) return null;
  return (
    <ul className={classes.flags} aria-label={text.study.quality}>
      {flags.map((flag) => <li key={flag}><Warning size={14} /> {text.told(flag)}</li>)}
    </ul>
  );
}

function Downloads({ result }: { result: Result }) {
  const words = text.study;
  if (result.files.length + result.instances.length === 0) return null;
  return (
    <div className={classes.block}>
      <h3>{words.downloads}</h3>
      <ul className={classes.files}>
        {result.files.map((file) => (
          <li key={file}><a href={fileAddress(result.job, file)} download={file} aria-label={words.download(file)}><Download size={14} /> {file}</a></li>
        ))}
      </ul>
      {result.instances.length > 0 && (
        <details className={classes.objects}>
          <summary>{words.objects(result.instances.length)}</summary>
          <ul className={classes.files}>
            {result.instances.map((uid) => (
              <li key={uid}><a className="mono" href={objectAddress(uid)} download={`${uid}.dcm`} aria-label={words.download(uid)}><Download size={14} /> {uid}</a></li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
