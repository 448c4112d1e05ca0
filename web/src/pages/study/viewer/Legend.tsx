/** Which colour is what: each structure is hidden, shown and found from here. */
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
  return (
    <div className={classes.legend}>
      <div className={classes.head}>
        <h3>{words.structures}</h3>
        <button type="button" onClick={() => onHide(hidden.size > 0 ? new Set() : new Set(groups.map((one) => one.name)))}>
          {hidden.size > 0 ? words.all : words.none}
        </button>
      </div>
      <ul tabIndex={0} aria-label={words.structures}>
        {groups.map((group) => (
          <Row key={group.name} group={group} shown={!hidden.has(group.name)} at={at} onToggle={() => toggle(group.name)} onFind={onFind} />
        ))}
      </ul>
    </div>
  );
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
        {capital(group.name)}
      </label>
      {group.members.map((one) => (
        <button key={one.id} type="button" aria-label={words.find(one)} title={words.find(one)} aria-current={one.id === at || undefined} onClick={() => onFind(one.id)}>
          {words.sides[one.side]}
        </button>
      ))}
    </li>
  );
}
