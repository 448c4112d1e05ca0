/** One setting: what it is for, and the field that changes it. */
import { Button } from "@mantine/core";

import type { Setting } from "../../api/types";
import { text } from "../../text";
import { Field } from "./Field";
import classes from "./SettingRow.module.css";

const words = text.settings;

interface SettingRowProps {
  setting: Setting;
  /** What somebody thinks of instead. */
  wanted?: string;
  error?: string;
  onChange(wanted?: string): void;
}

/** The environment and --set count more than the file. */
const isElsewhere = (origin: string) => origin !== "" && !/:\d+$/.test(origin);

export function SettingRow({ setting, wanted, error, onChange }: SettingRowProps) {
  const { name, why, value, origin, least, most, unit, restart, kind } = setting;
  const changed = wanted !== undefined;
  return (
    <div className={classes.row} data-given={origin !== "" || undefined} data-changed={changed || undefined} data-setting={name}>
      <div className={classes.what}>
        <h3 className={classes.name}>{name}</h3>
        <p className="dim">{why}</p>
        <p className={classes.facts}>
          {least !== undefined && most !== undefined && kind !== "bytes" && <span>{words.bounds(least, most, unit)}</span>}
          <span>{restart ? words.restart : words.live}</span>
        </p>
      </div>
      <div className={classes.now}>
        <Field setting={setting} value={wanted ?? value} error={error} onChange={(next) => onChange(next === value ? undefined : next)} />
        <span className={classes.origin}>
          {changed ? words.inForce(value, unit) : origin ? `${words.origin} ${origin}` : words.isDefault}
          {!changed && origin && setting.default !== "" && <>, {words.default.toLocaleLowerCase()} <span className="mono">{setting.default}</span></>}
          {changed && <Button size="compact-xs" variant="subtle" color="gray" className={classes.undo} aria-label={`${words.undo}: ${name}`} onClick={() => onChange()}>{words.undo}</Button>}
        </span>
        {changed && isElsewhere(origin) && <span className={classes.elsewhere}>{words.elsewhere(origin)}</span>}
      </div>
    </div>
  );
}
