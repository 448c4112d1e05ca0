/** What stands in the address of the rules: the study that they are asked about. */
export interface RulesSearch {
  study?: string;
}

export const rulesSearch = (given: Record<string, unknown>): RulesSearch => ({
  study: typeof given.study === "string" && given.study !== "" ? given.study : undefined,
});
