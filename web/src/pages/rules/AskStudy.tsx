/** Why the rules matched a study, or did not: what they say of it now, and what they decided when they were asked. */
import { Button, Loader, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { decisionsQuery, EVERYTHING, stepsQuery, studiesQuery, studyQuery } from "../../api/queries";
import type { Study } from "../../api/types";
import { dicomDate, personName } from "../../format/dicom";
import { Check, Dash, Search } from "../../parts/icons";
import { ProblemBox } from "../../parts/Message";
import { When } from "../../parts/When";
import { text } from "../../text";
import classes from "./AskStudy.module.css";

const MOST_FOUND = 8;

const lineOf = (study: Study) =>
  text.rules.studyAs(personName(study.patient_name).name || text.studies.unnamed, study.description, dicomDate(study.date));

export function AskStudy({ uid, onChoose }: { uid?: string; onChoose(uid: string | undefined): void }) {
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="ask-title">
      <div>
        <h2 id="ask-title">{text.rules.ask}</h2>
        <p className={classes.hint}>{text.rules.askHint}</p>
      </div>
      {uid ? <Asked uid={uid} onLeave={() => onChoose(undefined)} /> : <Choose onChoose={onChoose} />}
    </section>
  );
}

function Choose({ onChoose }: { onChoose(uid: string): void }) {
  const [q, setQ] = useState("");
  const [said] = useDebouncedValue(q.trim(), 180);
  const found = useInfiniteQuery(studiesQuery({ ...EVERYTHING, q: said }));
  const studies = found.data?.pages[0]?.items.slice(0, MOST_FOUND) ?? [];
  const words = text.rules;
  return (
    <>
      <TextInput type="search" size="sm" className={classes.search} value={q} placeholder={words.choose} aria-label={words.choose} aria-keyshortcuts="/"
        leftSection={found.isFetching ? <Loader size={14} /> : <Search />} onChange={(event) => setQ(event.currentTarget.value)} />
      {found.isError && <ProblemBox title={text.errors.studiesTitle} error={found.error} onRetry={() => void found.refetch()} />}
      <ul className={classes.found}>
        {studies.map((study) => (
          <li key={study.study}><button type="button" onClick={() => onChoose(study.study)}>{lineOf(study)}</button></li>
        ))}
      </ul>
      {found.isSuccess && studies.length === 0 && said && <p className="dim">{words.noStudy(said)}</p>}
    </>
  );
}

function Asked({ uid, onLeave }: { uid: string; onLeave(): void }) {
  const words = text.rules;
  const study = useQuery(studyQuery(uid));
  const decisions = useQuery(decisionsQuery(uid));
  return (
    <>
      <div className={classes.study}>
        <Link to="/studies/$study" params={{ study: uid }}>{study.data ? lineOf(study.data) : uid}</Link>
        <Button variant="default" size="xs" onClick={onLeave}>{words.another}</Button>
      </div>
      {decisions.isError && <ProblemBox title={text.errors.decisionsTitle} error={decisions.error} onRetry={() => void decisions.refetch()} />}
      {decisions.isPending && <Skeleton height={90} />}
      <ul className={classes.decisions}>
        {decisions.data?.map((one) => (
          <li key={one.rule} data-matched={one.matched || undefined}>
            <span className={classes.mark} aria-hidden="true">{one.matched ? <Check size={14} /> : <Dash size={14} />}</span>
            <div>
              <p><strong>{one.rule}</strong> <span className={classes.verdict}>{one.matched ? words.would : words.wouldNot}</span></p>
              <p className={classes.reason}>{text.judged(one.reason)}</p>
              {one.matched && one.actions.map((action) => <p key={JSON.stringify(action)} className={classes.action}>{words.does(action)}</p>)}
            </div>
          </li>
        ))}
      </ul>
      {decisions.isSuccess && <Decided uid={uid} />}
    </>
  );
}

function Decided({ uid }: { uid: string }) {
  const words = text.rules;
  const events = useQuery(stepsQuery(uid));
  const decided = events.data?.filter(({ type }) => type.startsWith("rule.")) ?? [];
  return (
    <div className={classes.decided}>
      <h3>{words.decided}</h3>
      <p className={classes.hint}>{decided.length > 0 ? words.decidedHint : `${words.undecided} ${words.undecidedHint}`}</p>
      <ol>
        {decided.map(({ seq, at, type, fields }) => (
          <li key={seq}>
            <When at={at} /> <strong>{String(fields.rule)}</strong> {type === "rule.matched" ? words.matched : words.skipped}
            <span className={classes.reason}>{text.judged(String(fields.reason ?? ""))}{Number(fields.generation) > 1 && ` (${words.generation(Number(fields.generation))})`}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
