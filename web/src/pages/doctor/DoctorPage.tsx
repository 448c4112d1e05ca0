/** What is wrong, and the command or the page that mends it. */
import { Button, Loader, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { examinationQuery } from "../../api/queries";
import type { Finding } from "../../api/types";
import { CopyButton } from "../../parts/CopyText";
import { Check, Warning } from "../../parts/icons";
import { ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { text } from "../../text";
import classes from "./DoctorPage.module.css";

const words = text.doctor;

export function DoctorPage() {
  const { data, isPending, isFetching, isError, error, refetch } = useQuery(examinationQuery());
  // What is ill comes first; the rest in the order in which it was looked at.
  const findings = data ? [...data.items].sort((a, b) => Number(a.well) - Number(b.well)) : [];
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead}>
        <Button variant="default" size="xs" loading={isFetching && !isPending} onClick={() => void refetch()}>{words.again}</Button>
      </PageHead>
      {isError && <ProblemBox title={words.errorTitle} error={error} onRetry={() => void refetch()} />}
      {isPending && <p className={classes.verdict} role="status"><Loader size={16} /> {words.looking}</p>}
      {isPending && <div className={`card ${classes.wait}`} aria-busy="true">{[0, 1, 2, 3, 4, 5].map((n) => <Skeleton key={n} height={14} />)}</div>}
      {data && (
        <p className={classes.verdict} role="status" data-well={data.ill === 0 || undefined}>
          {data.ill === 0 ? <Check size={18} /> : <Warning size={18} />}
          <strong>{data.ill === 0 ? words.well : words.ill(data.ill)}</strong>
          <span className="dim">{words.looked(data.items.length)}</span>
        </p>
      )}
      {data && <ul className={`card ${classes.list}`}>{findings.map((one) => <Row key={`${one.what} ${one.name}`} finding={one} />)}</ul>}
      <div className={classes.terminal}>
        <span className="dim">{words.terminal}</span>
        <code>{words.command}</code>
        <CopyButton value={words.command} label={words.terminal} />
      </div>
    </div>
  );
}

function Row({ finding }: { finding: Finding }) {
  const { what, name, well, words: found, mend } = finding;
  const title = words.parts[what] ?? what;
  return (
    <li className={classes.row} data-well={well || undefined}>
      <span className={classes.mark}>{well ? <Check /> : <Warning />}</span>
      <div className={classes.what}>
        <h2 className={classes.title}>{what === "queue" ? text.queue.name(name) : title}</h2>
        {name && what !== "queue" && <span className={classes.name}>{name}</span>}
      </div>
      <div className={classes.found}>
        <p>{found}</p>
        {!well && mend && <p className="dim"><span className="hidden">{words.mend}: </span>{mend}</p>}
        {!well && <Way finding={finding} />}
      </div>
    </li>
  );
}

/** The page where it is mended. */
function Way({ finding: { what, name } }: { finding: Finding }) {
  if (what === "queue") return <Link to="/queue" search={{ queue: name, state: "dead" }}>{words.toQueue}</Link>;
  if (what === "destination") return <Link to="/destinations">{words.toDestination}</Link>;
  if (what === "disk" || what === "storage") return <Link to="/settings" search={{ q: "data.directory" }}>{words.toSettings}</Link>;
  if (what === "workers") return <Link to="/settings" search={{ q: "processing." }}>{words.toSettings}</Link>;
  return null;
}
