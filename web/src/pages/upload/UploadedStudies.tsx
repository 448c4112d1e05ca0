/** The studies that an upload belongs to, each with its state. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { stepsQuery, studyQuery } from "../../api/queries";
import { personName } from "../../format/dicom";
import { StateMark } from "../../parts/StateMark";
import { storyOf } from "../../story/derive";
import { headline } from "../../story/headline";
import { text } from "../../text";
import classes from "./UploadedStudies.module.css";

/** More than these are found in the list of studies. */
const MOST = 20;

export function UploadedStudies({ uids }: { uids: readonly string[] }) {
  return (
    <section className={`card ${classes.frame}`} aria-labelledby="uploaded-title">
      <h2 id="uploaded-title">{text.upload.studies}</h2>
      <ul className={classes.list}>
        {uids.slice(0, MOST).map((uid) => <li key={uid}><OneStudy uid={uid} /></li>)}
      </ul>
    </section>
  );
}

function OneStudy({ uid }: { uid: string }) {
  const study = useQuery(studyQuery(uid)).data;
  const steps = useQuery(stepsQuery(uid)).data;
  return (
    <span className={classes.study}>
      <Link to="/studies/$study" params={{ study: uid }}>{study ? personName(study.patient_name).name || text.studies.unnamed : uid}</Link>
      <span className="dim">{study?.description}</span>
      {steps && <StateMark headline={headline(storyOf(steps), "", 0)} />}
    </span>
  );
}
