/** Every setting: what is in force, where that came from, why it is there, and the lines that change it. */
import { Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { settingsQuery } from "../../api/queries";
import type { Setting } from "../../api/types";
import { Choices } from "../../parts/Choices";
import { Search } from "../../parts/icons";
import { Empty, ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { text } from "../../text";
import { SettingRow } from "./SettingRow";
import classes from "./SettingsPage.module.css";
import { WHICH, type Which } from "./search";

const route = getRouteApi("/settings");
const words = text.settings;

/** By the first word of their names, which is the service that they belong to. */
function groupsOf(settings: Setting[]): [string, Setting[]][] {
  const groups = new Map<string, Setting[]>();
  for (const one of settings) {
    const group = one.name.split(".")[0]!;
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups];
}

const matches = (q: string) => (one: Setting) => q.toLowerCase().split(/\s+/).every((word) => `${one.name} ${one.why}`.toLowerCase().includes(word));

export function SettingsPage() {
  const { q = "", show = "all" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isPending, isError, error, refetch } = useQuery(settingsQuery());
  const change = (next: { q?: string; show?: Which }) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const shown = (data ?? []).filter((one) => show === "all" || one.origin !== "").filter(matches(q));
  return (
    <div className={classes.page}>
      <PageHead title={words.title} lead={words.lead} />
      <div className={classes.tools}>
        <TextInput className={classes.search} type="search" size="sm" aria-label={words.search} placeholder={words.search} aria-keyshortcuts="/" leftSection={<Search />}
          value={q} onChange={(event) => change({ q: event.currentTarget.value || undefined })} />
        <Choices label={words.whichLabel} values={WHICH} names={words.which} value={show} onChange={(next) => change({ show: next === "all" ? undefined : next })} />
        <span className="dim number" role="status">{data && words.shown(shown.length)}</span>
      </div>
      {isError && <ProblemBox title={words.errorTitle} error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton height={300} radius={12} />}
      {data && shown.length === 0 && (
        <div className="card"><Empty title={words.none}><p>{words.noneHint}</p><Link to="/settings" search={{}}>{words.showAll}</Link></Empty></div>
      )}
      {groupsOf(shown).map(([group, settings]) => (
        <section key={group} className={`card ${classes.group}`} aria-labelledby={`settings-${group}`}>
          <h2 id={`settings-${group}`} className={classes.name}>{group}</h2>
          {settings.map((one) => <SettingRow key={one.name} setting={one} />)}
        </section>
      ))}
    </div>
  );
}
