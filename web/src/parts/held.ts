/** What is live while a reader points at it: nothing moves under the pointer. */
import { useMemo, useState } from "react";

/**
 * Known rows keep their places, also one that is gone from the list since. Of the others, those above every known one are new
 * and wait (`fresh`); those below came with a further page and are appended.
 */
export function arrange<Item>(items: Item[], frozen: Item[] | undefined, id: (item: Item) => string): { shown: Item[]; fresh: number } {
  if (!frozen) return { shown: items, fresh: 0 };
  const byId = new Map(items.map((item) => [id(item), item]));
  const known = new Set(frozen.map(id));
  const shown = frozen.map((item) => byId.get(id(item)) ?? item);
  const lastKnown = items.findLastIndex((item) => known.has(id(item)));
  let fresh = 0;
  items.forEach((item, index) => {
    if (known.has(id(item))) return;
    if (index < lastKnown) fresh += 1;
    else shown.push(item);
  });
  return { shown, fresh };
}

/** Holds the order while `held`. `question` is what the list answers: with another one, the list is another. */
export function useHeld<Item>(items: Item[], question: string, held: boolean, id: (item: Item) => string) {
  const [frozen, setFrozen] = useState<{ question: string; items: Item[] } | undefined>(undefined);
  const holding = held && frozen?.question === question ? frozen : undefined;
  if (held && items.length > 0 && frozen?.question !== question) setFrozen({ question, items });
  else if (!held && frozen) setFrozen(undefined);
  return useMemo(() => arrange(items, holding?.items, id), [items, holding, id]);
}

/** What was there when the reader began to point, until the pointer goes. */
export function useStill<Value>(value: Value, held: boolean): Value {
  const [kept, setKept] = useState(value);
  if (!held && kept !== value) setKept(value);
  return held ? kept : value;
}
