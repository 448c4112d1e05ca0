/** What stands where the list will be: how to send Larmor its first study. */
import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";

import { versionQuery } from "../../api/queries";
import { text } from "../../text";
import { Facts, Lines } from "../../parts/Facts";
import { UploadIcon } from "../../parts/icons";
import classes from "./FirstStudy.module.css";

export function FirstStudy() {
  const version = useQuery(versionQuery());
  const words = text.studies.empty;
  const dicom = version.data?.dicom;
  const host = location.hostname;
  return (
    <section className={`card ${classes.first}`} aria-labelledby="first-title">
      <div className={classes.pulse} aria-hidden="true" />
      <h2 id="first-title" className={classes.title}>{words.title}</h2>
      <p className={classes.lead}>{words.lead}</p>
      {version.isPending && <Skeleton height={86} />}
      {dicom && (
        <div className={classes.facts}><Facts facts={{ [words.ae]: dicom.ae_title, [words.host]: host, [words.port]: String(dicom.port) }} /></div>
      )}
      {!version.isPending && !dicom && <p className="dim">{words.elsewhere}</p>}
      <p className={classes.or}>
        <span className="dim">{words.or}</span>{" "}
        <Link to="/upload" className={classes.upload}><UploadIcon size={14} /> {words.upload}</Link>
        {dicom && <span className="dim">{words.or2}</span>}
      </p>
      {dicom && <Lines lines={words.command(host, dicom.port, dicom.ae_title)} label={words.or2} />}
      <Link to="/start" className={classes.guide}>{text.start.guide}</Link>
      <p className={classes.live}>{words.live}</p>
    </section>
  );
}
