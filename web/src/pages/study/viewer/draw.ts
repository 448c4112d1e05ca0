/** One plane of the head on a canvas: greys, labels, crosshair. */
import { outlines, type Spot } from "../../../imaging/outline";
import { cut, PLANES, type Box, type Plane, type Slice } from "../../../imaging/slice";
import type { Index, Volume } from "../../../imaging/volume";

export interface Look {
  outline: boolean;
  /** 0 to 1 */
  opacity: number;
  /** By voxel value; what has none is not drawn. */
  colours: ReadonlyMap<number, string>;
  lesions?: boolean;
}

/** How lesions are drawn, by voxel value: told apart by the line alone. The legend draws them alike; dashes in CSS pixels. */
export const LESION_LINES: readonly { value: number; kind: "" | "new" | "grown"; colour: string; width: number; dash: readonly number[] }[] = [
  { value: 1, kind: "", colour: "#ff8a3c", width: 1.6, dash: [] },
  { value: 3, kind: "grown", colour: "#ffc400", width: 2.2, dash: [1.5, 3] },
  { value: 2, kind: "new", colour: "#ff4d7d", width: 2.8, dash: [7, 3.5] },
];
/** A dark rim keeps a line visible on bright lesions. */
const RIM = { colour: "rgb(0 0 0 / 70%)", width: 1.6 };

/** Where a plane lies on its canvas, in CSS pixels. */
export interface Fit {
  left: number;
  top: number;
  /** Pixels a voxel. */
  across: number;
  down: number;
}

const CROSS = "rgb(86 201 201 / 75%)";
/** CSS pixels around the crosshair's middle that stay free, so that it hides nothing. */
const GAP = 9;

export function fit({ spacing }: Volume, plane: Plane, { low, high }: Box, width: number, height: number): Fit {
  const { across, down } = PLANES[plane];
  const wide = (high[across] - low[across] + 1) * spacing[across];
  const tall = (high[down] - low[down] + 1) * spacing[down];
  const scale = Math.min(width / wide, height / tall);
  return { left: (width - scale * wide) / 2, top: (height - scale * tall) / 2, across: scale * spacing[across], down: scale * spacing[down] };
}

/** The voxel under a place on the canvas, in the plane through `at`. */
export function voxelAt(plane: Plane, { low }: Box, fit: Fit, x: number, y: number, at: Index): Index {
  const { across, down } = PLANES[plane];
  const out = [...at] as [number, number, number];
  out[across] = low[across] + Math.floor((x - fit.left) / fit.across);
  out[down] = low[down] + Math.floor((y - fit.top) / fit.down);
  return out;
}

/** Per cent from which on a change has its full colour; colours and limit are the report's. */
export const FULL_CHANGE = 5;
/** A, B, G, R of loss and of growth without the A. */
const LOSS = 0xc4541c;
const GROWTH = 0x33a7ff;
const STRONGEST = 0.85;

export const greyOf = (value: number) => 0xff000000 | (value * 0x010101);
export const changeColourOf = (percent: number) =>
  (Math.round(255 * STRONGEST * Math.min(1, Math.abs(percent) / FULL_CHANGE)) << 24) | (percent < 0 ? LOSS : GROWTH);

/** A slice as a picture of one pixel a voxel. */
function pictureOf({ values, width, height }: Slice, pixelOf: (value: number) => number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let at = 0; at < values.length; at += 1) pixels[at] = pixelOf(values[at]!);
  canvas.getContext("2d")!.putImageData(picture, 0, 0);
  return canvas;
}

function pathOf(loops: Spot[][]): Path2D {
  const path = new Path2D();
  for (const loop of loops) {
    loop.forEach(([x, y], at) => (at === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
    path.closePath();
  }
  return path;
}

/** What a plane through one voxel looks like, whatever its size on the screen. */
export interface Drawn {
  /** What is drawn later lies over what is drawn before. */
  pictures: HTMLCanvasElement[];
  /** By voxel value, the largest first: the small ones are drawn over them. */
  paths: [label: number, path: Path2D][];
  lesions: ReadonlyMap<number, Path2D>;
}

export interface Layers {
  head: Volume;
  /** Drawn as outlines or areas. */
  labels?: Volume;
  /** Per cent, drawn as colours over the head. */
  change?: Volume;
  /** 1 lesion, 2 new, 3 grown. */
  lesions?: Volume;
}

export function prepare({ head, labels, change, lesions }: Layers, plane: Plane, n: number, frame: Box): Drawn {
  const size = (loops: Spot[][]) => loops.reduce((sum, loop) => sum + loop.length, 0);
  const found = labels ? [...outlines(cut(labels, plane, n, frame))].sort(([, a], [, b]) => size(b) - size(a)) : [];
  const pictures = [pictureOf(cut(head, plane, n, frame), greyOf)];
  if (change) pictures.push(pictureOf(cut(change, plane, n, frame), changeColourOf));
  const bright = lesions ? [...outlines(cut(lesions, plane, n, frame))] : [];
  return { pictures, paths: found.map(([label, loops]) => [label, pathOf(loops)]), lesions: new Map(bright.map(([value, loops]) => [value, pathOf(loops)])) };
}

export function draw(canvas: HTMLCanvasElement, drawn: Drawn, fit: Fit, look: Look, cross: readonly [number, number], ratio: number) {
  const pen = canvas.getContext("2d")!;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(ratio * fit.across, 0, 0, ratio * fit.down, ratio * fit.left, ratio * fit.top);
  pen.imageSmoothingQuality = "high";
  for (const picture of drawn.pictures) pen.drawImage(picture, 0, 0);
  pen.globalAlpha = look.opacity;
  pen.lineJoin = "round";
  const pixel = 1 / Math.sqrt(fit.across * fit.down);
  pen.lineWidth = 1.4 * pixel;
  for (const [label, path] of drawn.paths) {
    const colour = look.colours.get(label);
    if (!colour) continue;
    pen.strokeStyle = pen.fillStyle = colour;
    if (look.outline) pen.stroke(path);
    else pen.fill(path, "evenodd");
  }
  if (look.lesions) drawLesions(pen, drawn.lesions, pixel);
  pen.globalAlpha = 1;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  // Between two pixels a line is two faint ones.
  const whole = (place: number) => Math.round(place) + 0.5;
  crosshair(pen, canvas.width / ratio, canvas.height / ratio, whole(fit.left + (cross[0] + 0.5) * fit.across), whole(fit.top + (cross[1] + 0.5) * fit.down));
}

function drawLesions(pen: CanvasRenderingContext2D, lesions: Drawn["lesions"], pixel: number) {
  const stroke = (path: Path2D, colour: string, width: number, dash: readonly number[]) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width * pixel;
    pen.setLineDash(dash.map((length) => length * pixel));
    pen.stroke(path);
  };
  for (const { value, colour, width, dash } of LESION_LINES) {
    const path = lesions.get(value);
    if (!path) continue;
    stroke(path, RIM.colour, width + RIM.width, []);
    stroke(path, colour, width, dash);
  }
  pen.setLineDash([]);
}

function crosshair(pen: CanvasRenderingContext2D, width: number, height: number, x: number, y: number) {
  pen.fillStyle = CROSS;
  pen.fillRect(0, y - 0.5, x - GAP, 1);
  pen.fillRect(x + GAP, y - 0.5, width - x - GAP, 1);
  pen.fillRect(x - 0.5, 0, 1, y - GAP);
  pen.fillRect(x - 0.5, y + GAP, 1, height - y - GAP);
}
