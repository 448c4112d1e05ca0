/** One setting. */
import type { Setting } from "../../api/types";
import { Lines } from "../../parts/Facts";
import { text } from "../../text";
import classes from "./SettingRow.module.css";
import { yamlLines } from "./yaml";

const words = text.settings;

export function SettingRow({ setting }: { setting: Setting }) {
  const { name, why, value, origin, least, most, unit, restart, example, kind } = setting;
  const open = name.includes("*");
  return (
    <div className={classes.row} data-given={origin !== "" || undefined} data-setting={name}>
      <div className={classes.what}>
        <h3 className={classes.name}>{name}</h3>
        <p className="dim">{why}</p>
        <p className={classes.facts}>
          {least !== undefined && most !== undefined && kind !== "bytes" && <span>{words.bounds(least, most, unit)}</span>}
          {open && <span>{words.each}</span>}
          {value === "" && example && <span>{words.example} <span className="mono">{example}</span></span>}
          <span>{restart ? words.restart : words.live}</span>
        </p>
      </div>
      <div className={classes.now}>
        <span className={classes.value}>{value || <span className={classes.empty}>{words.empty}</span>}{value && unit ? ` ${unit}` : ""}</span>
        <span className={classes.origin}>{origin ? `${words.origin} ${origin}` : words.isDefault}{origin && setting.default !== "" && <>, {words.default.toLocaleLowerCase()} <span className="mono">{setting.default}</span></>}</span>
        <details className={classes.change}>
          <summary>{words.change}</summary>
          <Lines lines={yamlLines(setting)} label={name} />
        </details>
      </div>
    </div>
  );
}
