/** The rules in force, how often each matched, and what each says of a study. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { rulesQuery } from "../../api/queries";
import { Empty, ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { text } from "../../text";
import { AskStudy } from "./AskStudy";
import { RuleCard } from "./RuleCard";
import classes from "./RulesPage.module.css";

const route = getRouteApi("/rules");

export function RulesPage() {
  const { study } = route.useSearch();
  const navigate = route.useNavigate();
  const rules = useQuery(rulesQuery());
  const words = text.rules;

  const choose = (uid: string | undefined) => void navigate({ search: { study: uid } });
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead} />
      {rules.isError && <ProblemBox title={text.errors.rulesTitle} error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <div className={classes.rules} aria-busy="true" aria-label={text.common.loading}><Skeleton height={190} radius={12} /></div>}
      {rules.data?.length === 0 && (
        <div className="card">
          <Empty title={words.empty}>
            <p className={classes.emptyHint}>{words.emptyHint}</p>
            <pre className={`mono ${classes.example}`}>{words.emptyExample}</pre>
          </Empty>
        </div>
      )}
      {rules.data && rules.data.length > 0 && (
        <div className={classes.columns}>
          <ol className={classes.rules}>
            {rules.data.map((rule) => <li key={rule.name}><RuleCard rule={rule} /></li>)}
          </ol>
          <AskStudy uid={study} onChoose={choose} />
        </div>
      )}
    </div>
  );
}
