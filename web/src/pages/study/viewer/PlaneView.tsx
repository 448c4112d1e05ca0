/** One plane through the crosshair. Pointer, wheel and keys move it. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { PLANES, type Box, type Plane } from "../../../imaging/slice";
import type { Index } from "../../../imaging/volume";
import { text } from "../../../text";
import { draw, fit, prepare, voxelAt, type Layers, type Look } from "./draw";
import classes from "./Viewer.module.css";

/** Where the picture's left, right, top and bottom lie in the patient. */
const SIDES: Record<Plane, [left: string, right: string, top: string, bottom: string]> = {
  axial: ["R", "L", "A", "P"], coronal: ["R", "L", "H", "F"], sagittal: ["A", "P", "H", "F"],
};
/** More pixels than this a CSS pixel are not seen, and cost time. */
const MOST_PIXELS = 2;

interface PlaneProps {
  plane: Plane;
  layers: Layers;
  /** What it shows; without, the plane's own name. */
  name?: string;
  frame: Box;
  at: Index;
  look: Look;
  onMove: (to: Index) => void;
}

export function PlaneView({ plane, layers, name, frame, at, look, onMove }: PlaneProps) {
  const words = text.study.viewer;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<[number, number]>([0, 0]);
  const { across, down, through } = PLANES[plane];
  const n = at[through];
  const drawn = useMemo(() => prepare(layers, plane, n, frame), [layers, plane, n, frame]);
  const placed = fit(layers.head, plane, frame, ...size);
  const ratio = Math.min(MOST_PIXELS, devicePixelRatio);

  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setSize([entry.contentRect.width, entry.contentRect.height]));
    watch.observe(canvas.current!);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const [width, height] = size;
    if (width * height === 0) return;
    const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    // A canvas whose size is set, even to what it was, is made anew.
    if (canvas.current!.width !== wide || canvas.current!.height !== tall) [canvas.current!.width, canvas.current!.height] = [wide, tall];
    draw(canvas.current!, drawn, placed, look, [at[across] - frame.low[across], at[down] - frame.low[down]], ratio);
  });

  const step = (axis: 0 | 1 | 2, by: number) => {
    const to = [...at] as [number, number, number];
    to[axis] += by;
    onMove(to);
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => step(across, -1), ArrowRight: () => step(across, 1), ArrowUp: () => step(down, -1), ArrowDown: () => step(down, 1),
    PageUp: () => step(through, -1), PageDown: () => step(through, 1),
  };
  const press = (event: KeyboardEvent) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]!();
  };
  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onMove(voxelAt(plane, frame, placed, event.clientX - left, event.clientY - top, at));
  };
  // The page scrolls as ever until a plane was clicked. React's own wheel handler cannot keep the page still.
  const wheel = useRef<(event: WheelEvent) => void>(undefined);
  useEffect(() => {
    wheel.current = (event) => {
      if (document.activeElement !== canvas.current) return;
      event.preventDefault();
      step(through, Math.sign(event.deltaY));
    };
  });
  useEffect(() => {
    const here = canvas.current!;
    const turn = (event: WheelEvent) => wheel.current?.(event);
    here.addEventListener("wheel", turn, { passive: false });
    return () => here.removeEventListener("wheel", turn);
  }, []);

  return (
    <div className={classes.plane} data-plane={plane}>
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={words.canvas(name ? `${name}, ${words.views[plane]}` : words.views[plane])} onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          event.currentTarget.focus({ preventScroll: true });
          point(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && point(event)} />
      <span className={classes.planeName}>{name ?? words.views[plane]} <span className="number">{words.slice(n + 1, layers.head.shape[through])}</span></span>
      {SIDES[plane].map((side, where) => <span key={where} className={classes.sideOf} data-where={where} aria-hidden="true">{words.directions[side]}</span>)}
    </div>
  );
}
