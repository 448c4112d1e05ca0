/** What every page has around it: the name, the ways, whether the page is live, and the line that says what this is not. */
import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, type RefObject } from "react";

import type { Link as LinkState } from "../api/live";
import { useLive } from "../api/useLive";
import { text } from "../text";
import { Moon, Sun, UploadIcon } from "./icons";
import classes from "./Shell.module.css";

export function Shell() {
  const link = useLive();
  const main = useRef<HTMLElement>(null);
  useFocusOnPage(main);
  return (
    <>
      <a className={classes.skip} href="#content">{text.skip}</a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" className={classes.brand}>
            <Mark />
            {text.product}
          </Link>
          <nav className={classes.nav} aria-label={text.nav.label}>
            <Link to="/" className={classes.way} activeProps={{ "data-active": true }} activeOptions={{ exact: true, includeSearch: false }}>
              {text.nav.studies}
            </Link>
            <Link to="/upload" className={classes.way} activeProps={{ "data-active": true }}>
              <UploadIcon size={14} />
              {text.nav.upload}
            </Link>
          </nav>
          <LiveMark link={link} />
          <SchemeSwitch />
        </div>
      </header>
      <main ref={main} id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className={classes.footer}>
        <div className={classes.bar}>{text.disclaimer}</div>
      </footer>
    </>
  );
}

/** Another page: its content takes the focus, so that a keyboard or a screen reader goes on there. */
function useFocusOnPage(main: RefObject<HTMLElement | null>) {
  const path = useLocation({ select: (location) => location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}

/** A spin's axis turning around the field: Larmor precession. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round">
      <ellipse cx="12" cy="6.6" rx="6.6" ry="2.5" />
      <path d="M12 20.6 17.4 5.4" />
      <circle cx="12" cy="20.6" r="1.4" fill="var(--accent)" stroke="none" />
    </svg>
  );
}

function LiveMark({ link }: { link: LinkState }) {
  const { live, liveHint, connecting, lost, lostHint } = text.link;
  const [words, hint] = link === "live" ? [live, liveHint] : link === "lost" ? [lost, lostHint] : [connecting, ""];
  return (
    <Tooltip label={hint} disabled={!hint} multiline maw={260} openDelay={200}>
      <span className={classes.live} data-link={link} role="status">
        <span className={classes.dot} aria-hidden="true" />
        <span className={classes.liveWords}>{words}</span>
      </span>
    </Tooltip>
  );
}

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme !== "light";
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.nav.scheme} title={text.nav.scheme}
      className={classes.scheme} onClick={() => setColorScheme(dark ? "light" : "dark")}>
      {dark ? <Sun /> : <Moon />}
    </ActionIcon>
  );
}
