/** The shown structures as a solid that turns under the pointer or the arrow keys. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import type { ByteVolume } from "../../../imaging/load.worker";
import type { Box } from "../../../imaging/slice";
import { draw, solidOf, type Colours } from "../../../imaging/solid";
import { text } from "../../../text";
import classes from "./Viewer.module.css";

/** Pixels of the picture's side: at rest, and while it turns. */
const FINE = 420;
const QUICK = 200;
/** Radians a CSS pixel and a key. */
const DRAG = 0.01;
const KEY = 0.15;
/** FreeSurfer's cerebrospinal fluid: it lies around the brain and would hide all of it. */
const FLUID = 24;
const part = (colour: string, at: number) => parseInt(colour.slice(at, at + 2), 16);

/** `colours`: "#rrggbb" by voxel value; what has none is not drawn. */
export function SolidView({ labels, frame, colours }: { labels: ByteVolume; frame: Box; colours: ReadonlyMap<number, string> }) {
  const words = text.study.viewer;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [[yaw, pitch], turn] = useState<[number, number]>([0.6, 0.25]);
  const [turning, setTurning] = useState(false);
  const solid = useMemo(() => solidOf(labels, new Set([...colours.keys()].filter((id) => id !== FLUID)), frame), [labels, colours, frame]);
  const rgb = useMemo((): Colours => new Map([...colours].map(([id, colour]) => [id, [part(colour, 1), part(colour, 3), part(colour, 5)]])), [colours]);
  const by = (sideways: number, up: number) => turn(([a, b]) => [a + sideways, Math.max(-1.5, Math.min(1.5, b + up))]);

  useEffect(() => {
    const size = turning ? QUICK : FINE;
    const soon = requestAnimationFrame(() => {
      const here = canvas.current;
      if (!here) return;
      [here.width, here.height] = [size, size];
      here.getContext("2d")!.putImageData(new ImageData(draw(solid, size, yaw, pitch, rgb), size, size), 0, 0);
    });
    return () => cancelAnimationFrame(soon);
  }, [solid, rgb, yaw, pitch, turning]);

  const keys: Record<string, [number, number]> = { ArrowLeft: [KEY, 0], ArrowRight: [-KEY, 0], ArrowUp: [0, KEY], ArrowDown: [0, -KEY] };
  const press = (event: KeyboardEvent) => {
    const way = keys[event.key];
    if (!way) return;
    event.preventDefault();
    by(...way);
  };
  const move = (event: PointerEvent) => turning && by(-event.movementX * DRAG, event.movementY * DRAG);
  return (
    <div className={classes.solid}>
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={words.solid} onKeyDown={press} onPointerMove={move}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setTurning(true);
        }}
        onPointerUp={() => setTurning(false)} onPointerCancel={() => setTurning(false)} />
    </div>
  );
}
