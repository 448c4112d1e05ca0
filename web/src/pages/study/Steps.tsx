/** The way of a study, from received to confirmed in the archive: seven steps, each with its time and its reason. */
import { Skeleton } from "@mantine/core";

import { Check, Cross, Dash } from "../../parts/icons";
import { When } from "../../parts/When";
import type { Step, Story } from "../../story/derive";
import type { Headline } from "../../story/headline";
import { stepWords } from "../../story/stepWords";
import { text } from "../../text";
import classes from "./Steps.module.css";

interface StepsProps {
  /** Nothing while it is being read. */
  story?: Story;
  images: number;
  /** When the first image was stored. */
  since: string;
  waitingFor: string;
  headline: Headline;
}

const MARKS: Record<Step["status"], typeof Check | undefined> = { done: Check, failed: Cross, skipped: Dash, active: undefined, todo: undefined };

export function Steps({ story, images, since, waitingFor, headline }: StepsProps) {
  return (
    <section className={`card ${classes.frame}`} aria-label={text.study.steps}>
      {!story && <Skeleton height={84} />}
      <ol className={classes.steps} hidden={!story}>
        {story?.steps.map((step) => {
          const Mark = MARKS[step.status];
          const at = step.name === "received" && since ? since : step.at;
          const words = stepWords(story, step, { images, waitingFor, headline });
          return (
            <li key={step.name} className={classes.step} data-status={step.status} data-step={step.name}
              aria-current={step.status === "active" ? "step" : undefined}>
              <span className={classes.mark} aria-hidden="true">{Mark && <Mark size={14} />}</span>
              <span className={classes.body}>
                <span className={classes.head}>
                  <span className={classes.name}>{text.study.stepNames[step.name]}</span>
                  <span className="hidden">: {text.study.stepStatus[step.status]}</span>
                  <span className={classes.time}>{at && <When at={at} />}</span>
                </span>
                {words.map((line) => <span key={line} className={classes.detail} title={line}>{line}</span>)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
