/** What every page has around it: the navigation, the search, and the line that says what this is not. */
import { ActionIcon } from "@mantine/core";
import { useHotkeys, useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState, type RefObject } from "react";

import type { Link } from "../api/live";
import { useLive } from "../api/useLive";
import { text } from "../text";
import { Menu, Search } from "./icons";
import { LanguageChoice } from "./LanguageChoice";
import { loadAhead } from "./later";
import { LiveMark } from "./LiveMark";
import { Brand, Navigation } from "./Navigation";
import classes from "./Shell.module.css";

const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);

export function Shell() {
  const link = useLive();
  const main = useRef<HTMLElement>(null);
  const [searching, setSearching] = useState(false);
  const narrow = useMediaQuery("(max-width: 900px)", false, { getInitialValueInEffect: false });
  const [folded, setFolded] = useLocalStorage({ key: "larmor-folded", defaultValue: false, getInitialValueInEffect: false });
  const path = useLocation({ select: (location) => location.pathname });
  useFocusOnPage(main, path);
  useHotkeys([["mod+K", () => setSearching(true)]], []);
  useHotkeys([["/", () => (pageSearch() ? pageSearch()?.focus() : setSearching(true))]]);

  useEffect(() => void loadAhead().then(loadPalette), []);

  const search = () => setSearching(true);
  return (
    <div className={classes.shell} data-folded={folded || undefined}>
      <a className={classes.skip} href="#content">{text.skip}</a>
      {narrow ? <Bar link={link} path={path} onSearch={search} /> : (
        <aside className={classes.side}>
          <Navigation link={link} folded={folded} onFold={() => setFolded(!folded)} onSearch={search} />
        </aside>
      )}
      <div className={classes.column}>
        <main ref={main} id="content" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
        <footer className={classes.footer}>
          <span>{text.disclaimer}</span>
          <LanguageChoice />
        </footer>
      </div>
      <p className={classes.lost} role="status">{link === "lost" && <span>{text.link.lostHint}</span>}</p>
      {searching && <Suspense><Palette onClose={() => setSearching(false)} /></Suspense>}
    </div>
  );
}

/** The top of a narrow screen: everything else is in a drawer. */
function Bar({ link, path, onSearch }: { link: Link; path: string; onSearch(): void }) {
  const drawer = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => drawer.current?.close();
  useEffect(close, [path]);
  useEffect(() => { if (open) drawer.current?.showModal(); }, [open]);
  return (
    <header className={classes.bar}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.nav.menu} aria-expanded={open} onClick={() => setOpen(true)}><Menu /></ActionIcon>
      <Brand />
      <LiveMark link={link} />
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text.palette.open} onClick={onSearch}><Search /></ActionIcon>
      {open && (
        <dialog ref={drawer} className={classes.drawer} aria-label={text.nav.menu} onClose={() => setOpen(false)}
          onClick={(event) => event.target === event.currentTarget && close()}>
          <Navigation link={link} onSearch={() => { close(); onSearch(); }} onClose={close} />
        </dialog>
      )}
    </header>
  );
}

/** A page with a search of its own has "/" for it. */
const pageSearch = () => document.querySelector<HTMLElement>('#content [aria-keyshortcuts="/"]');

/** Another page: its content takes the focus, so that a keyboard or a screen reader goes on there. */
function useFocusOnPage(main: RefObject<HTMLElement | null>, path: string) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
