/** Every setting as a field: what is in force, where that came from, why it is there. What is changed becomes lines for the file. */
import { Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import { settingsCheckQuery, settingsQuery } from "../../api/queries";
import type { Setting } from "../../api/types";
import { Choices } from "../../parts/Choices";
import { Search } from "../../parts/icons";
import { Empty, ProblemBox } from "../../parts/Message";
import { PageHead } from "../../parts/PageHead";
import { text } from "../../text";
import { Another } from "./Another";
import { familyOf, mayBeNamed, withNamed, type Family } from "./named";
import { Proposal } from "./Proposal";
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

/** What is wanted instead of what is in force, and what the server says of it. */
function useWanted() {
  const [values, setValues] = useState<Record<string, string>>({});
  const [asked] = useDebouncedValue(values, 250);
  const check = useQuery(settingsCheckQuery(asked));
  const want = (name: string, value?: string) =>
    setValues((old) => {
      const next = { ...old };
      delete next[name];
      return value === undefined ? next : { ...next, [name]: value };
    });
  const wrong = asked === values ? check.data?.items.filter((one) => !one.well) : undefined;
  return { values, want, wrong, failed: check.error?.message, discard: () => setValues({}) };
}

export function SettingsPage() {
  const { q = "", show = "all" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isPending, isError, error, refetch } = useQuery(settingsQuery());
  const change = (next: { q?: string; show?: Which }) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const [named, setNamed] = useState<[Family, string][]>([]);
  const { values, want, wrong, failed, discard } = useWanted();
  const all = withNamed(data ?? [], named);
  const changes = all.flatMap((one) => (values[one.name] === undefined ? [] : [{ ...one, value: values[one.name]! }]));
  const shown = all.filter((one) => show === "all" || one.origin !== "").filter(matches(q));
  const families = [...new Set((data ?? []).flatMap((one) => familyOf(one) ?? []))];
  const errorOf = (name: string) => wrong?.find((one) => one.what === "setting" && one.name === name)?.words;
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
          {settings.map((one) => <SettingRow key={one.name} setting={one} wanted={values[one.name]} error={errorOf(one.name)} onChange={(value) => want(one.name, value)} />)}
          {families.filter((family) => family.startsWith(`${group}.`)).map((family) => (
            <Another key={family} family={family} may={(name) => mayBeNamed(all, family, name)} onAdd={(name) => setNamed([...named, [family, name]])} />
          ))}
        </section>
      ))}
      {changes.length > 0 && <Proposal changes={changes} wrong={wrong} failed={failed} onDiscard={discard} />}
    </div>
  );
}
