/** Where results go: how each destination is, what waits for it, what went there, and a greeting on demand. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { destinationsQuery } from "../../api/queries";
import { Lines } from "../../parts/Facts";
import { Empty, ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { text } from "../../text";
import { DestinationCard } from "./DestinationCard";
import classes from "./DestinationsPage.module.css";
import { destinationLines } from "./lines";

const words = text.destinations;

export function DestinationsPage() {
  const list = useQuery(destinationsQuery());
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead} />
      {list.isError && <ProblemBox title={words.errorTitle} error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={220} radius={12} />}
      {list.data?.length === 0 && (
        <div className="card">
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
            <Lines lines={destinationLines()} label={words.empty} />
          </Empty>
        </div>
      )}
      <div className={classes.cards}>
        {list.data?.map((one) => <DestinationCard key={one.name} destination={one} />)}
      </div>
    </div>
  );
}
