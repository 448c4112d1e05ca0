/** What somebody thinks of changing: whether it would be right, which of it needs a restart, and the lines for the file. */
import { Button } from "@mantine/core";

import type { Finding, Setting } from "../../api/types";
import { Lines } from "../../parts/Facts";
import { Download } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Proposal.module.css";
import { yamlLines } from "./yaml";

const words = text.settings;

interface ProposalProps {
  /** Each with the value that is wanted. */
  changes: Setting[];
  /** What would be wrong; nothing as long as nobody has looked. */
  wrong?: Finding[];
  failed?: string;
  onDiscard(): void;
}

function save(lines: string) {
  const address = URL.createObjectURL(new Blob([`${lines}\n`], { type: "application/yaml" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: "larmor-changes.yaml" });
  link.click();
  URL.revokeObjectURL(address);
}

export function Proposal({ changes, wrong, failed, onDiscard }: ProposalProps) {
  const lines = yamlLines(changes);
  const restarting = changes.filter((one) => one.restart).length;
  const right = wrong?.length === 0;
  const said = failed ?? (wrong === undefined ? words.checking : right ? words.right : words.wrong(wrong.length));
  return (
    <section className={`card ${classes.proposal}`} aria-label={words.proposal}>
      <div className={classes.head}>
        <h2 className={classes.title}>{words.changes(changes.length)}</h2>
        <span role="status" className={classes.said} data-tone={failed || wrong?.length ? "bad" : right ? "good" : undefined}>{said}</span>
        <span className="dim">{words.restarts(restarting, changes.length)}</span>
        <span className={classes.actions}>
          <Button size="xs" variant="subtle" color="gray" onClick={onDiscard}>{words.discard}</Button>
          <Button size="xs" variant="default" disabled={!right} leftSection={<Download size={14} />} onClick={() => save(lines)}>{words.save}</Button>
        </span>
      </div>
      {wrong?.filter((one) => one.what !== "setting").map((one) => <p key={one.words} className={classes.bad}>{one.words}{one.mend && <> {one.mend}</>}</p>)}
      {right && <Lines lines={lines} label={words.proposal} />}
      {right && <p className={classes.hint}>{words.proposalHint}</p>}
    </section>
  );
}
