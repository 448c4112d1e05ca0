/** What stands where the list will be: how to send Larmor its first study. */
import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";

import { versionQuery } from "../../api/queries";
import { text } from "../../text";
import { CopyButton } from "../../parts/CopyText";
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
        <dl className={classes.facts}>
          <Fact name={words.ae} value={dicom.ae_title} />
          <Fact name={words.host} value={host} />
          <Fact name={words.port} value={String(dicom.port)} />
        </dl>
      )}
      {!version.isPending && !dicom && <p className="dim">{words.elsewhere}</p>}
      <p className={classes.or}>
        <span className="dim">{words.or}</span>{" "}
        <Link to="/upload" className={classes.upload}><UploadIcon size={14} /> {words.upload}</Link>
        {dicom && <span className="dim">{words.or2}</span>}
      </p>
      {dicom && (
        <div className={classes.command}>
          <code tabIndex={0}>{words.command(host, dicom.port, dicom.ae_title)}</code>
          <CopyButton value={words.command(host, dicom.port, dicom.ae_title)} label={words.or2} />
        </div>
      )}
      <p className={classes.live}>{words.live}</p>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd><span className={classes.value}>{value}</span><CopyButton value={value} label={name} /></dd>
    </div>
  );
}
