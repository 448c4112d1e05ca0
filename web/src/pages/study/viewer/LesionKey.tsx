/** Lesions on and off, and which line is what. */
import { text } from "../../../text";
import { LESION_LINES } from "./draw";
import classes from "./Viewer.module.css";

/** `compared`: whether any is marked as new or grown. */
export function LesionKey({ shown, compared, onShow }: { shown: boolean; compared: boolean; onShow: (shown: boolean) => void }) {
  return (
    <span className={classes.lesions}>
      <label className={classes.tool}><input type="checkbox" checked={shown} onChange={(event) => onShow(event.target.checked)} /> {text.lesions.title}</label>
      {shown && LESION_LINES.filter(({ kind }) => compared || kind === "").map(({ kind, colour, width, dash }) => (
        <span key={kind} className={classes.line}>
          <svg width={26} height={8} viewBox="0 0 26 8" aria-hidden="true">
            <line x1={1} x2={25} y1={4} y2={4} stroke={colour} strokeWidth={width} strokeDasharray={dash.join(" ") || undefined} />
          </svg>
          {text.lesions.lines[kind]}
        </span>
      ))}
    </span>
  );
}
