/** Leads through connecting a PACS. Each step sees by itself that it is done: by a greeting, an answer, a study. */
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { destinationsQuery, EVERYTHING, greetingsQuery, studiesQuery, versionQuery } from "../../api/queries";
import { personName } from "../../format/dicom";
import { Facts, Lines } from "../../parts/Facts";
import { Check, UploadIcon } from "../../parts/icons";
import { ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { When } from "../../parts/When";
import { text } from "../../text";
import { Echo } from "../destinations/Echo";
import { destinationLines } from "../destinations/lines";
import classes from "./StartPage.module.css";
import { Step, Waiting } from "./Step";

const words = text.start;

export function StartPage() {
  const version = useQuery(versionQuery());
  const greeting = useQuery(greetingsQuery()).data?.at(-1);
  const destinations = useQuery(destinationsQuery());
  const study = useInfiniteQuery(studiesQuery(EVERYTHING)).data?.pages[0]?.items[0];
  const [answered, setAnswered] = useState(false);
  const dicom = version.data?.dicom;
  const host = location.hostname;
  const calling = String(greeting?.fields.calling ?? "");
  const address = String(greeting?.fields.address ?? "");
  const all = greeting !== undefined && answered && study !== undefined;
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead} />
      <ol className={classes.steps}>
        <Step title={words.steps.tell} done={greeting !== undefined}>
          <p>{words.tell}</p>
          {version.isPending && <Skeleton height={72} />}
          {dicom && <Facts facts={{ [text.studies.empty.ae]: dicom.ae_title, [text.studies.empty.host]: host, [text.studies.empty.port]: String(dicom.port) }} />}
          {version.isError && <ProblemBox title={words.unknown} error={version.error} onRetry={() => void version.refetch()} />}
          <p className="dim">{version.isSuccess && !dicom ? words.elsewhere : words.tellNote}</p>
        </Step>
        <Step title={words.steps.heard} done={greeting !== undefined}>
          {greeting ? (
            <p className={classes.good}><Check /> {words.heardFrom(calling, address)} <span className="dim"><When at={greeting.at} /></span></p>
          ) : (
            <>
              <p>{words.heard}</p>
              {dicom && <Lines lines={words.echoCommand(host, dicom.port, dicom.ae_title)} label={words.steps.heard} />}
              <Waiting>{words.waiting}</Waiting>
              <p className="dim">{words.notHeard}</p>
            </>
          )}
        </Step>
        <Step title={words.steps.answer} done={answered}>
          {destinations.data?.length === 0 ? (
            <>
              <p>{greeting ? words.answerNone : words.answerNoneUnheard}</p>
              <Lines lines={greeting ? destinationLines(address, calling) : destinationLines()} label={words.steps.answer} />
              <p className="dim">{words.port}</p>
            </>
          ) : <p>{words.answer}</p>}
          {destinations.data?.map((one) => (
            <div key={one.name} className={classes.destination}>
              <span><strong>{one.name}</strong> <span className="dim mono">{one.called} {one.host}:{one.port}</span></span>
              <Echo name={one.name} onReached={() => setAnswered(true)} />
            </div>
          ))}
        </Step>
        <Step title={words.steps.study} done={study !== undefined}>
          {study ? (
            <p className={classes.good}>
              <Check /> {words.arrived(personName(study.patient_name).name || text.studies.unnamed, text.study.received(study.instances))}{" "}
              <Link to="/studies/$study" params={{ study: study.study }}>{words.openStudy}</Link>
            </p>
          ) : (
            <>
              <p>{words.study} <Link to="/upload" className={classes.upload}><UploadIcon size={14} /> {words.upload}</Link></p>
              {dicom && <Lines lines={text.studies.empty.command(host, dicom.port, dicom.ae_title)} label={words.steps.study} />}
              <Waiting>{words.waitingStudy}</Waiting>
            </>
          )}
        </Step>
      </ol>
      {all && (
        <section className={classes.all} role="status">
          <h2>{words.all}</h2>
          <p className="dim">{words.allHint}</p>
          <Link to="/">{words.toStudies}</Link>
        </section>
      )}
    </div>
  );
}
