/** Which studies, by date and modality, and which columns. */
import type { FocusEvent, KeyboardEvent } from "react";

import { dicomDate } from "../../format/dicom";
import { text } from "../../text";
import { CHOOSABLE, type Column } from "./columns";
import classes from "./Narrow.module.css";
import { DAYS, daysAgo, MODALITIES, type Days, type StudiesSearch } from "./search";

const words = text.studies.narrow;

interface NarrowProps {
  search: StudiesSearch;
  onChange(next: Partial<StudiesSearch>): void;
  hidden: readonly Column[];
  onHide(next: Column[]): void;
}

export function Narrow({ search, onChange, hidden, onHide }: NarrowProps) {
  const { days, from, to, modality = "" } = search;
  const range = from !== undefined || to !== undefined;
  const chooseDate = (value: string) => {
    if (value === "range") onChange({ days: undefined, from: daysAgo(30), to: daysAgo(0) });
    else onChange({ days: value === "" ? undefined : (value as Days), from: undefined, to: undefined });
  };
  return (
    <div className={classes.narrow}>
      <select className={classes.select} aria-label={words.date} value={days ?? (range ? "range" : "")} data-set={days || range ? true : undefined} onChange={(event) => chooseDate(event.currentTarget.value)}>
        <option value="">{words.anyDate}</option>
        {DAYS.map((one) => <option key={one} value={one}>{words.days[one]}</option>)}
        <option value="range">{words.range}</option>
      </select>
      {range && (
        <>
          <DayField label={words.from} value={from} onChange={(next) => onChange({ from: next })} />
          <DayField label={words.to} value={to} onChange={(next) => onChange({ to: next })} />
        </>
      )}
      <select className={classes.select} aria-label={words.modality} value={modality} data-set={modality ? true : undefined} onChange={(event) => onChange({ modality: event.currentTarget.value || undefined })}>
        <option value="">{words.anyModality}</option>
        {MODALITIES.map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
      <details className={classes.columns} onKeyDown={closeOnEscape} onBlur={closeWhenLeft}>
        <summary className={classes.select}>{words.columns}</summary>
        {/* Takes the focus of a click between its boxes, which would else count as leaving. */}
        <div className={classes.list} tabIndex={-1}>
          {CHOOSABLE.map((one) => (
            <label key={one} className={classes.column}>
              <input type="checkbox" checked={!hidden.includes(one)} onChange={(event) => onHide(event.currentTarget.checked ? hidden.filter((other) => other !== one) : [...hidden, one])} />
              {text.studies.columns[one]}
            </label>
          ))}
        </div>
      </details>
    </div>
  );
}

function closeOnEscape({ key, currentTarget }: KeyboardEvent<HTMLDetailsElement>) {
  if (key !== "Escape" || !currentTarget.open) return;
  currentTarget.open = false;
  currentTarget.querySelector("summary")?.focus();
}

function closeWhenLeft({ currentTarget, relatedTarget }: FocusEvent<HTMLDetailsElement>) {
  if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
}

/** A day without a zone: what is chosen is what is asked. */
function DayField({ label, value = "", onChange }: { label: string; value?: string; onChange(next: string | undefined): void }) {
  return <input type="date" className={classes.select} aria-label={label} value={dicomDate(value)} onChange={(event) => onChange(event.currentTarget.value.replaceAll("-", "") || undefined)} />;
}
