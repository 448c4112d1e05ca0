/** The report as a PDF: opened in a tab of its own, or read here. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { fileAddress } from "../../api/calls";
import { External, File } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Report.module.css";

interface ReportProps {
  job: string;
  file: string;
  /** The same page as a picture, where the pipeline made one. */
  sheet?: string;
}

export function Report({ job, file, sheet }: ReportProps) {
  const [here, setHere] = useState(false);
  const address = fileAddress(job, file);
  return (
    <div className={classes.block}>
      <h3>{text.study.report}</h3>
      <div className={classes.ways}>
        {sheet && (
          <a className={classes.sheet} href={address} target="_blank" rel="noopener" tabIndex={-1} aria-hidden="true">
            <img src={fileAddress(job, sheet)} alt="" loading="lazy" decoding="async" />
          </a>
        )}
        <div className={classes.buttons}>
          <Button component="a" href={address} target="_blank" rel="noopener" size="xs" variant="default" leftSection={<External size={14} />}>{text.study.openReport}</Button>
          <Button size="xs" variant="default" aria-expanded={here} leftSection={<File size={14} />} onClick={() => setHere(!here)}>
            {here ? text.study.hideReport : text.study.showReport}
          </Button>
        </div>
      </div>
      {here && <iframe className={classes.page} src={address} title={text.study.reportTitle} />}
    </div>
  );
}
