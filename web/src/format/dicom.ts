/**
 * DICOM's own values for people. A date (DA) and a time (TM) have no zone: they are shown as they were sent and never shifted,
 * so none of this goes through Date.
 */

/** "20261101" as 2026-11-01; anything that is no date stays as it was sent. */
export function dicomDate(da: string): string {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(da.trim());
  if (!match) return da.trim();
  const [, year, month, day] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return da.trim();
  return `${year}-${month}-${day}`;
}

/** "101530.25" as 10:15. */
export function dicomTime(tm: string): string {
  const match = /^(\d{2}):?(\d{2})/.exec(tm.trim());
  return match ? `${match[1]}:${match[2]}` : tm.trim();
}

/** "Yamada^Tarou=山田^太郎=やまだ^たろう": the parts in order, the other scripts behind them. */
export function personName(pn: string): { name: string; others: string[] } {
  const groups = pn.split("=").map((group) => {
    const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group.split("^").map((part) => part.trim());
    const first = [prefix, given, middle].filter(Boolean).join(" ");
    return [[family, first].filter(Boolean).join(", "), suffix].filter(Boolean).join(" ");
  });
  const filled = groups.filter(Boolean);
  return { name: filled[0] ?? "", others: filled.slice(1).filter((other) => other !== filled[0]) };
}

/** "045Y" as 45 of the unit Y: days, weeks, months or years (D, W, M, Y). Undefined where it is none. */
export function dicomAge(as: string): { n: number; unit: "D" | "W" | "M" | "Y" } | undefined {
  const match = /^(\d+)([DWMY])$/.exec(as.trim());
  return match ? { n: Number(match[1]), unit: match[2] as "D" | "W" | "M" | "Y" } : undefined;
}

export const modalities = (joined: string): string[] => joined.split("\\").map((one) => one.trim()).filter(Boolean);
