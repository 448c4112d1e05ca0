/** The live list of studies. */
import { Button } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { text } from "../../text";
import { Choices } from "../../parts/Choices";
import { Empty, ProblemBox } from "../../parts/Message";
import parts from "../../parts/Table.module.css";
import type { Column } from "./columns";
import { FirstStudy } from "./FirstStudy";
import { FILTERS, type Filter } from "./filters";
import { Narrow } from "./Narrow";
import { SearchField } from "./Search";
import { questionOf, type StudiesSearch } from "./search";
import classes from "./StudiesPage.module.css";
import { StudyTable, TableSkeleton } from "./StudyTable";
import { useRows } from "./useRows";

const route = getRouteApi("/");

export function StudiesPage() {
  const asked = route.useSearch();
  const { q = "", show = "all" } = asked;
  const [hidden, setHidden] = useLocalStorage<Column[]>({ key: "larmor-columns", defaultValue: [], getInitialValueInEffect: false });
  const navigate = route.useNavigate();
  const [pointing, setPointing] = useState(false);
  const { list, rows, fresh, loaded } = useRows(questionOf(asked), show, pointing);
  const table = useRef<HTMLDivElement>(null);

  useEffect(() => {
    document.title = `${text.studies.title} · ${text.product}`;
  }, []);

  const search = (words: string) => navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true });
  const filter = (next: Filter) => navigate({ search: (old) => ({ ...old, show: next === "all" ? undefined : next }), replace: true });
  const enter = () => table.current?.querySelector<HTMLElement>("tbody a")?.focus();

  const narrow = (next: Partial<StudiesSearch>) => navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const everything = () => navigate({ search: {}, replace: true });

  const narrowed = asked.days !== undefined || asked.from !== undefined || asked.to !== undefined || asked.modality !== undefined;
  const first = loaded === 0 && q === "" && !narrowed && list.isSuccess;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{text.studies.title}</h1>
        {!first && <SearchField key="search" value={q} onChange={search} onLeave={enter} busy={list.isPlaceholderData} />}
        {!first && (
          <div className={classes.filters}>
            <Choices label={text.studies.filters.label} values={FILTERS} names={text.studies.filters} value={show} onChange={filter} />
          </div>
        )}
      </div>
      {!first && <Narrow search={asked} onChange={narrow} hidden={hidden} onHide={setHidden} />}
      {list.isError && <ProblemBox title={text.errors.studiesTitle} error={list.error} onRetry={() => void list.refetch()} />}
      {first && <FirstStudy />}
      {!first && list.isPending && <TableSkeleton />}
      {!first && list.data && (
        <>
          <div ref={table} className={`card ${classes.frame}`} onPointerEnter={(event) => setPointing(event.pointerType === "mouse")}
            onPointerLeave={() => setPointing(false)}>
            {fresh > 0 && (
              <button type="button" className={parts.fresh} onClick={() => setPointing(false)}>{text.studies.fresh(fresh)}</button>
            )}
            <StudyTable rows={rows} hidden={hidden} />
            {rows.length === 0 && loaded === 0 && (
              <Empty title={q ? text.studies.noMatch(q) : text.studies.narrow.none}>
                <p>{narrowed ? text.studies.narrow.noneHint : text.studies.noMatchHint}</p>
                <Button variant="default" size="xs" onClick={() => (narrowed ? everything() : search(""))}>{narrowed ? text.studies.showAll : text.studies.clear}</Button>
              </Empty>
            )}
            {rows.length === 0 && loaded > 0 && (
              <Empty title={text.studies.noneFiltered}>
                <p>{text.studies.noneFilteredHint}</p>
                <Button variant="default" size="xs" onClick={() => filter("all")}>{text.studies.showAll}</Button>
              </Empty>
            )}
          </div>
          <div className={parts.foot}>
            <span className="dim number" role="status">
              {show === "all"
                ? list.hasNextPage ? text.studies.shownMore(loaded) : text.studies.shown(loaded)
                : text.studies.filtered(rows.length, loaded)}
            </span>
            {list.hasNextPage && (
              <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {text.studies.more}
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  );
}
