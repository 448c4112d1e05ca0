/** What stands in the address of the settings. */
export const WHICH = ["all", "given"] as const;
export type Which = (typeof WHICH)[number];

export interface SettingsSearch {
  q?: string;
  show?: Which;
}

export const settingsSearch = (given: Record<string, unknown>): SettingsSearch => ({
  q: typeof given.q === "string" && given.q !== "" ? given.q : undefined,
  show: given.show === "given" ? "given" : undefined,
});
