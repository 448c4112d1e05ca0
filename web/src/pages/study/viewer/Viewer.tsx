/** The head with its structures: three planes through a crosshair, the structures as a solid, and a legend that hides, shows and finds structures. */
import { useEffect, useMemo, useRef, useState, type CSSProperties } from "react";

import type { Scene } from "../../../imaging/load.worker";
import { offset, place, voxelOf, within, type Index } from "../../../imaging/volume";
import type { Standing } from "../../../story/norms";
import { groupsOf, type Structure } from "../../../story/structures";
import { text } from "../../../text";
import { LESION_LINES, type Layers } from "./draw";
import { Feedback } from "./Feedback";
import { Legend } from "./Legend";
import { LesionKey } from "./LesionKey";
import { PlaneView } from "./PlaneView";
import { SolidView } from "./SolidView";
import { useScene } from "./useScene";
import classes from "./Viewer.module.css";

const PLANE_NAMES = ["axial", "coronal", "sagittal"] as const;
const VIEWS = ["all", ...PLANE_NAMES, "solid"] as const;
type View = (typeof VIEWS)[number];

const GROUNDS = ["t1", "flair"] as const;
type Ground = (typeof GROUNDS)[number];

/** What was chosen elsewhere on the page: a structure, or the place of a lesion in mm. */
export type Target = { id: number } | { lesion: Index };

interface ViewerProps {
  study: string;
  job: string;
  structures: Structure[];
  /** Where structures stand among healthy people. */
  standings: Standing[];
  /** Whether the result has the FLAIR and its lesions among its files. */
  flair: boolean;
  /** Whether any of the lesions is new or has grown: told, not seen, since the key keeps its size while the head loads. */
  compared: boolean;
  /** A new object each time. */
  target?: Target;
}

export function Viewer({ study, job, structures, standings, flair, compared, target }: ViewerProps) {
  const words = text.study.viewer;
  const { scene, share, why } = useScene(job, flair ? "flair" : "none");
  const whole = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Index>();
  const [view, setView] = useState<View>("all");
  const [outline, setOutline] = useState(true);
  const [opacity, setOpacity] = useState(0.9);
  const [ground, setGround] = useState<Ground>("t1");
  const [lesions, setLesions] = useState(true);
  // Structures would hide what a FLAIR is looked at for: there none is drawn until it is asked for.
  const [hiddenOn, setHiddenOn] = useState<Record<Ground, ReadonlySet<string>>>(() => ({ t1: new Set(), flair: new Set(structures.map((one) => one.name)) }));
  const hidden = hiddenOn[ground];
  const look = useMemo(() => ({
    outline, opacity, lesions, colours: new Map(structures.filter((one) => !hidden.has(one.name)).map((one) => [one.id, one.colour])),
  }), [outline, opacity, lesions, hidden, structures]);
  const layers = useMemo((): Layers | undefined => scene && { ...scene, head: (ground === "flair" && scene.flair) || scene.head }, [scene, ground]);

  const here = scene && (at ?? startOf(scene, structures));
  const goTo = (id: number) => setAt((before) => scene?.middles.get(id) ?? before);
  const [followed, setFollowed] = useState<Target>();
  if (scene && target && target !== followed) {
    setFollowed(target);
    if ("id" in target) goTo(target.id);
    else {
      setAt(within(scene.head, voxelOf(scene.head, target.lesion)));
      setGround("flair");
      setLesions(true);
      if (view === "solid") setView("all");
    }
  }
  useEffect(() => {
    if (followed) whole.current?.scrollIntoView({ block: "nearest" });
  }, [followed]);

  const label = scene && here ? scene.labels.voxels[offset(scene.labels, here)] : undefined;
  const named = structures.find((one) => one.id === label);
  const lesion = scene?.lesions && here ? scene.lesions.voxels[offset(scene.lesions, here)] : undefined;
  return (
    <div role="group" ref={whole} className={classes.frame} aria-label={words.title} data-ready={scene !== undefined || undefined}>
      <div className={classes.tools}>
        <div className={classes.views} role="group" aria-label={words.view}>
          {VIEWS.map((one) => <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>{words.views[one]}</button>)}
        </div>
        {flair && (
          <div className={classes.views} role="group" aria-label={words.ground}>
            {GROUNDS.map((one) => <button key={one} type="button" aria-pressed={ground === one} onClick={() => setGround(one)}>{words.grounds[one]}</button>)}
          </div>
        )}
        <label className={classes.tool}><input type="checkbox" checked={outline} onChange={(event) => setOutline(event.target.checked)} /> {words.outlines}</label>
        <label className={classes.tool}>
          {words.opacity}
          <input type="range" min={0} max={1} step={0.05} value={opacity} onChange={(event) => setOpacity(Number(event.target.value))} />
        </label>
        {flair && <LesionKey shown={lesions} compared={compared} onShow={setLesions} />}
      </div>
      <div className={classes.picture} data-view={view}>
        {scene && layers && here ? (
          <div className={classes.planes} style={sharesOf(scene)}>
            {PLANE_NAMES.filter((plane) => view === "all" || view === plane).map((plane) => (
              <PlaneView key={plane} plane={plane} layers={layers} frame={scene.frame} at={here} look={look}
                onMove={(to) => setAt(within(scene.head, to))} />
            ))}
            {view === "solid" && <SolidView labels={scene.labels} frame={scene.frame} colours={look.colours} />}
          </div>
        ) : (
          <div className={classes.cover} role={why ? "alert" : "status"}>
            {why ? words.failed(why) : <>{words.loading(share)}<progress aria-label={words.title} value={share || undefined} /></>}
          </div>
        )}
      </div>
      <div className={classes.legend}>
        <Legend groups={groupsOf(structures)} hidden={hidden} at={label} onHide={(names) => setHiddenOn((before) => ({ ...before, [ground]: names }))} onFind={goTo} />
      </div>
      <p className={classes.place} aria-live="polite">
        {scene && here && <Place structure={named} standing={standings.find((one) => one.id === label)} lesion={lesion} mm={place(scene.head, here)} />}
      </p>
      <p className={classes.hint}>{words.hint}</p>
      {scene && here && (
        <Feedback study={study} job={job} structure={named} at={place(scene.head, here)} onGoTo={(mm) => setAt(within(scene.head, voxelOf(scene.head, mm)))} />
      )}
    </div>
  );
}

/** Where a reader looks first, or the middle of the brain. */
function startOf({ middles, frame }: Scene, structures: Structure[]): Index {
  const first = structures.find((one) => one.name.toLowerCase() === "hippocampus" && one.side === "left");
  return (first && middles.get(first.id)) ?? (frame.low.map((low, axis) => Math.round((low + frame.high[axis]!) / 2)) as unknown as Index);
}

/** How wide and tall the planes are, so that side by side they have one scale. */
function sharesOf({ head, frame }: Scene): CSSProperties {
  const mm = head.spacing.map((step, axis) => Math.round(step * (frame.high[axis]! - frame.low[axis]! + 1)));
  return { "--wide": `${mm[0]}fr`, "--deep": `${mm[1]}fr`, "--tall": `${mm[2]}fr` } as CSSProperties;
}

function Place({ structure, standing, lesion, mm }: { structure?: Structure; standing?: Standing; lesion?: number; mm: Index }) {
  const words = text.study.viewer;
  const line = LESION_LINES.find((one) => one.value === lesion);
  return (
    <>
      {structure ? <strong>{words.place(structure)}</strong> : <strong>{words.nowhere}</strong>}
      {structure && <span>{words.volume(structure.ml)}</span>}
      {structure && standing && <span>{text.norms.place(standing.centile)}</span>}
      {line && <strong>{text.lesions.lines[line.kind]}</strong>}
      <span title={words.millimetresHint}>{words.millimetres(mm)}</span>
    </>
  );
}
