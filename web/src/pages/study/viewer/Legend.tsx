/** Which colour is what: each structure is hidden, shown and found from here. */
import { useEffect, useRef } from "react";

import { capital } from "../../../story/findings";
import type { StructureGroup } from "../../../story/structures";
import { text } from "../../../text";
import classes from "./Legend.module.css";

interface LegendProps {
  groups: StructureGroup[];
  /** Names that are not drawn. */
  hidden: ReadonlySet<string>;
  /** The structure under the crosshair. */
  at?: number;
  onHide: (hidden: ReadonlySet<string>) => void;
  onFind: (id: number) => void;
}

export function Legend({ groups, hidden, at, onHide, onFind }: LegendProps) {
  const words = text.study.viewer;
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onHide(next);
  };
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => showHere(list.current), [at]);
  return (
    <div className={classes.legend}>
      <div className={classes.head}>
        <h3>{words.structures}</h3>
        <button type="button" onClick={() => onHide(hidden.size > 0 ? new Set() : new Set(groups.map((one) => one.name)))}>
          {hidden.size > 0 ? words.all : words.none}
        </button>
      </div>
      <ul ref={list} tabIndex={0} aria-label={words.structures}>
        {groups.map((group) => (
          <Row key={group.name} group={group} shown={!hidden.has(group.name)} at={at} onToggle={() => toggle(group.name)} onFind={onFind} />
        ))}
      </ul>
    </div>
  );
}

/** Brings the row of the crosshair into the list's view; the page itself stays where it is. */
function showHere(list: HTMLUListElement | null) {
  const row = list?.querySelector<HTMLElement>("[data-here]");
  if (!list || !row) return;
  const [outer, inner] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop += inner.top - outer.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

interface RowProps {
  group: StructureGroup;
  shown: boolean;
  at?: number;
  onToggle: () => void;
  onFind: (id: number) => void;
}

function Row({ group, shown, at, onToggle, onFind }: RowProps) {
  const words = text.study.viewer;
  return (
    <li data-here={group.members.some((one) => one.id === at) || undefined}>
      <label>
        <input type="checkbox" checked={shown} onChange={onToggle} />
        <span className={classes.swatch} style={{ background: group.colour }} aria-hidden="true" />
        {capital(text.structure(group.name))}
      </label>
      {group.members.map((one) => (
        <button key={one.id} type="button" aria-label={words.find(one)} title={words.find(one)} aria-current={one.id === at || undefined} onClick={() => onFind(one.id)}>
          {words.sides[one.side]}
        </button>
      ))}
    </li>
  );
}
