/** The ways to every page, in groups; folded to icons where a page needs the width, and inside a drawer on a phone. */
import { ActionIcon, Kbd, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Link as LinkState } from "../api/live";
import { sessionQuery } from "../api/queries";
import { GROUPS, PAGES, type Page, type PageName } from "../pages";
import { text } from "../text";
import { Corner } from "./Corner";
import { Cross, Fold, Moon, Search, Sun } from "./icons";
import { LiveMark } from "./LiveMark";
import { Mark } from "./Mark";
import classes from "./Navigation.module.css";

const ROWS = Object.entries(PAGES) as [PageName, Page][];

interface NavigationProps {
  link: LinkState;
  onSearch(): void;
  folded?: boolean;
  onFold?(): void;
  /** Inside a drawer: closes it. */
  onClose?(): void;
}

export function Navigation({ link, onSearch, folded = false, onFold, onClose }: NavigationProps) {
  return (
    <div className={classes.inner} data-folded={folded || undefined}>
      <div className={classes.head}>
        <Brand folded={folded} />
        {onClose && <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.nav.close} onClick={onClose}><Cross /></ActionIcon>}
      </div>
      <button type="button" className={classes.search} onClick={onSearch} aria-keyshortcuts="Control+K" title={folded ? text.palette.open : undefined}>
        <Search />
        <span className={folded ? "hidden" : classes.words}>{text.palette.open}</span>
        {!folded && <Kbd size="xs" className={classes.keys} aria-hidden>{text.palette.keys}</Kbd>}
      </button>
      <nav className={classes.nav} aria-label={text.nav.label}>
        {GROUPS.map((group) => <Group key={group} group={group} folded={folded} />)}
      </nav>
      <div className={classes.foot}>
        <LiveMark link={link} quiet={folded} />
        <span className={classes.switches}>
          <SchemeSwitch />
          {onFold && (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={folded ? text.nav.unfold : text.nav.fold} title={folded ? text.nav.unfold : text.nav.fold}
              className={classes.switch} onClick={onFold}>
              <Fold />
            </ActionIcon>
          )}
        </span>
      </div>
      <Corner folded={folded} />
    </div>
  );
}

function Group({ group, folded }: { group: Page["group"]; folded: boolean }) {
  const { data: session } = useQuery(sessionQuery());
  const may = (page: Page) => !page.needs || (session?.scopes.includes(page.needs) ?? false);
  const rows = ROWS.filter(([, page]) => page.group === group && may(page));
  if (rows.length === 0) return null;
  return (
    <div className={classes.group} role="group" aria-label={text.nav.groups[group]}>
      <span className={classes.groupName} aria-hidden="true">{text.nav.groups[group]}</span>
      {rows.map(([name, { path, icon: Icon }]) => (
        <Link key={name} to={path as "/"} className={classes.way} title={folded ? text.nav.pages[name] : undefined}
          activeProps={{ "data-active": true }} activeOptions={{ exact: path === "/", includeSearch: false }}>
          <Icon />
          <span className={folded ? "hidden" : classes.words}>{text.nav.pages[name]}</span>
        </Link>
      ))}
    </div>
  );
}

export function Brand({ folded = false }: { folded?: boolean }) {
  return (
    <Link to="/" className={classes.brand} aria-label={text.product}>
      <Mark />
      {!folded && <span>{text.product}</span>}
    </Link>
  );
}

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme !== "light";
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.nav.scheme} title={text.nav.scheme}
      className={classes.switch} onClick={() => setColorScheme(dark ? "light" : "dark")}>
      {dark ? <Sun /> : <Moon />}
    </ActionIcon>
  );
}
