/** The prior, the scan at hand and the change between them: one plane of each, with one crosshair. */
import { useMemo, useState } from "react";

import type { Plane } from "../../../imaging/slice";
import { within, type Index } from "../../../imaging/volume";
import { text } from "../../../text";
import { FULL_CHANGE, type Layers, type Look } from "../viewer/draw";
import { PlaneView } from "../viewer/PlaneView";
import { useScene } from "../viewer/useScene";
import viewer from "../viewer/Viewer.module.css";
import classes from "./BothScans.module.css";

const PLANE_NAMES: Plane[] = ["axial", "coronal", "sagittal"];
const BARE: Look = { outline: true, opacity: 1, colours: new Map() };

export function BothScans({ job }: { job: string }) {
  const words = text.change.images;
  const { scene, share, why } = useScene(job, "prior");
  const [plane, setPlane] = useState<Plane>("axial");
  const [at, setAt] = useState<Index>();
  const shown = useMemo((): [string, Layers][] =>
    scene?.prior ? [[words.prior, { head: scene.prior }], [words.now, { head: scene.head }], [words.map, { head: scene.head, change: scene.change }]] : [],
  [scene, words]);
  const here = scene && (at ?? (scene.frame.low.map((low, axis) => Math.round((low + scene.frame.high[axis]!) / 2)) as unknown as Index));
  return (
    <div role="group" className={classes.block} aria-label={words.title} data-ready={scene !== undefined || undefined}>
      <div className={viewer.tools}>
        <div className={viewer.views} role="group" aria-label={words.plane}>
          {PLANE_NAMES.map((one) => <button key={one} type="button" aria-pressed={plane === one} onClick={() => setPlane(one)}>{text.study.viewer.views[one]}</button>)}
        </div>
        <span className={classes.bar}>
          −{FULL_CHANGE}% {words.loss}<i role="img" aria-label={words.bar(FULL_CHANGE)} />{words.growth} +{FULL_CHANGE}%
        </span>
      </div>
      <div className={classes.pictures}>
        {scene && here ? shown.map(([name, layers]) => (
          <PlaneView key={name} plane={plane} name={name} layers={layers} frame={scene.frame} at={here} look={BARE} onMove={(to) => setAt(within(scene.head, to))} />
        )) : (
          <div className={viewer.cover} role={why ? "alert" : "status"}>
            {why ? text.study.viewer.failed(why) : <>{text.study.viewer.loading(share)}<progress aria-label={words.title} value={share || undefined} /></>}
          </div>
        )}
      </div>
      <p className={classes.hint}>{words.hint}</p>
    </div>
  );
}
