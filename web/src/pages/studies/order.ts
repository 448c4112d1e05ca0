/** The order of the list while a reader points at it: nothing moves under the pointer. */

/**
 * Known studies keep their places. Of the others, those above every known one are new and wait (`fresh`); those below came with
 * a further page and are appended.
 */
export function arrange<Item extends { study: string }>(items: Item[], frozen: string[] | undefined): { shown: Item[]; fresh: number } {
  if (!frozen) return { shown: items, fresh: 0 };
  const byId = new Map(items.map((item) => [item.study, item]));
  const known = new Set(frozen);
  const shown = frozen.flatMap((id) => byId.get(id) ?? []);
  const lastKnown = items.findLastIndex((item) => known.has(item.study));
  let fresh = 0;
  items.forEach((item, index) => {
    if (known.has(item.study)) return;
    if (index < lastKnown) fresh += 1;
    else shown.push(item);
  });
  return { shown, fresh };
}
