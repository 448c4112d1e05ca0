/** The rows of the list: each study with its story, kept true by the stream, and kept in place while a reader points at them. */
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { arrivalsQuery, stepsQuery, studiesQuery, workersQuery } from "../../api/queries";
import type { StudyQuestion } from "../../api/calls";
import type { Event, Study } from "../../api/types";
import { storyOf, type Story } from "../../story/derive";
import { headline, type Headline } from "../../story/headline";
import { useHeld } from "../../parts/held";
import { useNow } from "../../parts/useNow";
import { belongs, type Filter } from "./filters";

export interface Row {
  study: Study;
  story?: Story;
  headline?: Headline;
}

const NONE: Study[] = [];
const uidOf = (study: Study) => study.study;
const combine = (answers: { data?: Event[] }[]) => answers.map((answer) => answer.data);

export function useRows(question: StudyQuestion, filter: Filter, held: boolean) {
  const list = useInfiniteQuery(studiesQuery(question));
  const studies = useMemo(() => {
    const seen = new Map<string, Study>();
    for (const page of list.data?.pages ?? []) for (const study of page.items) seen.set(study.study, study);
    return seen.size > 0 ? [...seen.values()] : NONE;
  }, [list.data]);

  const { shown, fresh } = useHeld(studies, JSON.stringify(question), held, uidOf);
  const events = useQueries({ queries: shown.map((study) => stepsQuery(study.study)), combine });
  const stories = events.map((one) => one && storyOf(one));

  const running = stories.some((story) => story?.phase === "analysing");
  const arriving = stories.some((story) => story?.phase === "arriving" || story?.phase === "prior");
  const workers = useQuery(workersQuery(running)).data;
  const arrivals = useQuery({ ...arrivalsQuery(), enabled: arriving }).data;
  const now = useNow(running);

  const rows: Row[] = [];
  shown.forEach((study, index) => {
    const story = stories[index];
    if (!belongs(filter, story)) return;
    const worker = workers?.find((one) => one.study === study.study);
    const waitingFor = arrivals?.find((one) => one.study === study.study)?.waiting_for ?? "";
    const progress = worker && { job: worker.busy_with, fraction: worker.fraction, step: worker.step };
    rows.push({ study, story, headline: story && headline(story, waitingFor, now, progress) });
  });
  return { list, rows, fresh, loaded: shown.length };
}
