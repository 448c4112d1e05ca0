/** Everything about one study: how far it is, what was found, and its story. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { arrivalsQuery, resultsQuery, stepsQuery, studyQuery, workersQuery } from "../../api/queries";
import { dicomDate } from "../../format/dicom";
import { useStill } from "../../parts/held";
import { ProblemBox } from "../../parts/Message";
import { useNow } from "../../parts/useNow";
import { derive, storyOf } from "../../story/derive";
import { headline } from "../../story/headline";
import { text } from "../../text";
import { Header, HeaderSkeleton } from "./Header";
import { Notice } from "./Notice";
import { Results } from "./Results";
import { SeriesTable } from "./SeriesTable";
import { Steps } from "./Steps";
import { StoryLog } from "./StoryLog";
import classes from "./StudyPage.module.css";

const route = getRouteApi("/studies/$study");
const EMPTY = derive([]);

/** Another study is another page: nothing that was open or held belongs to it. */
export function StudyPage() {
  const { study } = route.useParams();
  return <OneStudy key={study} uid={study} />;
}

function OneStudy({ uid }: { uid: string }) {
  const study = useQuery(studyQuery(uid));
  const steps = useQuery(stepsQuery(uid));
  const results = useQuery(resultsQuery(uid));
  const story = steps.data ? storyOf(steps.data) : EMPTY;
  const running = story.phase === "analysing";
  const worker = useQuery(workersQuery(running)).data?.find((one) => one.study === uid);
  const arrivals = useQuery({ ...arrivalsQuery(), enabled: story.phase === "arriving" || story.phase === "prior" });
  const now = useNow(running);
  // What comes while a reader points at something below its place waits until the pointer goes.
  const [pointsAt, setPointsAt] = useState<"results" | "story">();
  const told = useStill(story, pointsAt !== undefined);
  const found = useStill(results.data, pointsAt === "story");

  // Not the patient's name: titles stay in the browser's history.
  const title = study.data ? [study.data.description || text.study.open, dicomDate(study.data.date)].filter(Boolean).join(", ") : "";
  useEffect(() => {
    if (title) document.title = `${title} · ${text.product}`;
  }, [title]);

  if (study.isError) return <ProblemBox whole title={text.errors.studyTitle} error={study.error} onRetry={() => void study.refetch()} />;

  // What stands below is drawn when what stands above has its height: nothing moves.
  const settled = !steps.isPending && !results.isPending;
  const waitingFor = arrivals.data?.find((one) => one.study === uid)?.waiting_for ?? "";
  const progress = worker && { job: worker.busy_with, fraction: worker.fraction, step: worker.step };
  const head = headline(story, waitingFor, now, progress);
  return (
    <div className={classes.page}>
      {study.data ? <Header study={study.data} headline={steps.data && { ...head, detail: head.tone === "bad" || head.tone === "warn" ? "" : head.detail }} /> : <HeaderSkeleton />}
      {steps.isError ? (
        <ProblemBox title={text.errors.storyTitle} error={steps.error} onRetry={() => void steps.refetch()} />
      ) : (
        <Steps story={steps.data && story} images={study.data?.instances ?? 0} since={study.data?.first_stored ?? ""} waitingFor={waitingFor} headline={head} />
      )}
      {steps.data && <Notice story={told} />}
      {settled ? (
        <>
          <div onPointerEnter={() => setPointsAt("results")} onPointerLeave={() => setPointsAt(undefined)}>
            <Results results={results} found={found} story={story} />
          </div>
          <div className={classes.columns} onPointerEnter={() => setPointsAt("story")} onPointerLeave={() => setPointsAt(undefined)}>
            <StoryLog uid={uid} superseded={story.supersededSeqs} />
            <SeriesTable uid={uid} />
          </div>
        </>
      ) : <Skeleton className={classes.rest} aria-busy="true" />}
    </div>
  );
}
