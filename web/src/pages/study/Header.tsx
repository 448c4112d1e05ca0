/** Whose study it is, and of what, with the values as they were sent. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { versionQuery } from "../../api/queries";
import type { Study } from "../../api/types";
import { dicomDate, dicomTime, modalities, personName } from "../../format/dicom";
import { bytes } from "../../format/number";
import { CopyButton } from "../../parts/CopyText";
import { Back, External } from "../../parts/icons";
import { StateMark } from "../../parts/StateMark";
import type { Headline } from "../../story/headline";
import { text } from "../../text";
import classes from "./Header.module.css";

export function Header({ study, headline }: { study: Study; headline?: Headline }) {
  const words = text.study;
  const { name, others } = personName(study.patient_name);
  const facts: [string, ReactNode][] = [
    [words.id, study.patient_id],
    [words.born, study.birth_date && dicomDate(study.birth_date)],
    [words.sex, words.sexes[study.sex] ?? study.sex],
    [words.age, study.age && words.ageOf(study.age)],
    [words.accession, study.accession],
  ];
  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <div className={classes.who}>
          <Link to="/" className={classes.back}><Back size={14} /> {text.common.back}</Link>
          <h1 className={classes.name}>{name || text.studies.unnamed}{others.length > 0 && <span className={classes.others}>{others.join(" · ")}</span>}</h1>
          <dl className={classes.facts}>
            {facts.filter(([, value]) => value).map(([term, value]) => (
              <div key={term}><dt>{term}</dt><dd className="number">{value}</dd></div>
            ))}
          </dl>
        </div>
        <div className={classes.state}>{headline ? <StateMark headline={headline} large /> : <Skeleton height={20} width={200} />}</div>
      </div>
      <p className={classes.what}>
        <span className={classes.description}>{study.description || text.common.unknown}</span>
        <span className="number" title={words.studyDate}>{dicomDate(study.date)} {dicomTime(study.time)}</span>
        <span>{modalities(study.modalities).join(", ")}</span>
        <span className="number">{text.studies.countsLong(study.series, study.instances)}, {bytes(study.bytes)}</span>
        <Ohif study={study.study} />
        <span className={classes.uid}><span className="mono" title={words.uid}>{study.study}</span><CopyButton value={study.study} label={words.uid} /></span>
      </p>
    </header>
  );
}

/** The way to the viewer of DICOM images, or how to get it. */
function Ohif({ study }: { study: string }) {
  const words = text.study.ohif;
  const version = useQuery(versionQuery());
  if (!version.data) return null;
  if (!version.data.ohif) return <span className={classes.absent} title={words.absentHint}>{words.absent}</span>;
  return <a className={classes.ohif} href={`/ohif/viewer?StudyInstanceUIDs=${encodeURIComponent(study)}`} target="_blank" rel="noopener"><External size={13} /> {words.open}</a>;
}

export function HeaderSkeleton() {
  return (
    <div className={classes.header} aria-busy="true">
      <Skeleton height={28} width={480} my={5} />
      <Skeleton height={14} width={560} my={4} />
    </div>
  );
}
