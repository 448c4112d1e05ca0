/** Whom a job is about, by name, as a way to the study. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { studyQuery } from "../api/queries";
import { personName } from "../format/dicom";
import { text } from "../text";
import classes from "./JobStudy.module.css";

export function JobStudy({ uid }: { uid: string }) {
  const { data } = useQuery({ ...studyQuery(uid), enabled: uid !== "", retry: false });
  if (uid === "") return <span className="dim">{text.queue.noStudy}</span>;
  const name = data && personName(data.patient_name).name;
  return (
    <>
      <Link to="/studies/$study" params={{ study: uid }} className={classes.study} title={uid}>{name || (data ? text.studies.unnamed : uid)}</Link>
      <span className={classes.second}>{data?.description || "\u00a0"}</span>
    </>
  );
}
