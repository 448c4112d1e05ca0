/**
 * The way of a study, from received to confirmed in the archive: seven steps. Of a study that was through when the page opened they
 * take one line; their times and reasons come when they are asked for. A way that ends under the reader's eyes stays as it is: nothing
 * moves under the pointer.
 */
import { Skeleton } from "@mantine/core";
import { useId, useState } from "react";

import { Check, Chevron, Cross, Dash } from "../../parts/icons";
import { When } from "../../parts/When";
import type { Step, Story } from "../../story/derive";
import type { Headline } from "../../story/headline";
import { isThrough } from "../../story/steps";
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
  const list = useId();
  const [open, setOpen] = useState<boolean>();
  if (story && open === undefined) setOpen(!isThrough(story.steps));
  const folded = open === false;
  return (
    <section className={`card ${classes.frame}`} aria-label={text.study.steps} data-folded={!open || undefined}>
      {!story && <Skeleton height={22} />}
      <ol id={list} className={classes.steps} hidden={!story}>
        {story?.steps.map((step) => {
          const Mark = MARKS[step.status];
          const at = step.name === "received" && since ? since : step.at;
          const words = folded ? [] : stepWords(story, step, { images, waitingFor, headline });
          return (
            <li key={step.name} className={classes.step} data-status={step.status} data-step={step.name}
              aria-current={step.status === "active" ? "step" : undefined}>
              <span className={classes.mark} aria-hidden="true">{Mark && <Mark size={14} />}</span>
              <span className={classes.body}>
                <span className={classes.head}>
                  <span className={classes.name}>{text.study.stepNames[step.name]}</span>
                  <span className="hidden">: {text.study.stepStatus[step.status]}</span>
                  {!folded && <span className={classes.time}>{at && <When at={at} />}</span>}
                </span>
                {words.map((line) => <span key={line} className={classes.detail} title={line}>{line}</span>)}
              </span>
            </li>
          );
        })}
      </ol>
      {story && (
        <button type="button" className={classes.toggle} aria-expanded={!folded} aria-controls={list} onClick={() => setOpen(folded)}>
          <span>{folded ? text.study.stepsShow : text.study.stepsFold}</span> <Chevron size={13} />
        </button>
      )}
    </section>
  );
}
