/** The columns that a reader may leave out; kept in this browser. */
export const CHOOSABLE = ["id", "date", "description", "modalities", "images", "result"] as const;
export type Column = (typeof CHOOSABLE)[number];
