/** Settings that are there once for each name that the site chooses, as destinations are. */
import type { Setting } from "../../api/types";

/** What stands before the name: `export.destinations`. */
export type Family = string;

export const familyOf = ({ name }: Setting): Family | undefined => (name.includes(".*.") ? name.slice(0, name.indexOf(".*.")) : undefined);

/** A name is one word of the file's own, and none that is there already. */
export const mayBeNamed = (settings: readonly Setting[], family: Family, name: string): boolean =>
  /^[\w-]{1,64}$/.test(name) && !settings.some((one) => one.name.startsWith(`${family}.${name}.`));

/** The settings with those of the new names; what only stands for a name is left out, since nothing can be put there. */
export function withNamed(settings: readonly Setting[], names: readonly [Family, string][]): Setting[] {
  const added = settings.flatMap((one) => {
    const family = familyOf(one);
    return names.filter(([of]) => of === family).map(([, name]) => ({ ...one, name: one.name.replace("*", name) }));
  });
  return [...settings.filter((one) => familyOf(one) === undefined), ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
}
