import { clockTime, exact, moment } from "../format/time";

/** A time in the reader's zone; in full, with the zone and as logged, under the pointer. */
export function When({ at, short = false }: { at: string; short?: boolean }) {
  return <time className="number" dateTime={at} title={exact(at)}>{short ? clockTime(at) : moment(at)}</time>;
}
