/** The values of the API, under their own names. Their shapes come from api/schemas. */
import type { components } from "./generated";

type Schemas = components["schemas"];
export type Study = Schemas["Study"];
export type StudyPage = Schemas["StudyPage"];
export type Series = Schemas["Series"];
export type Event = Schemas["Event"];
export type EventPage = Schemas["EventPage"];
export type Arrival = Schemas["Arrival"];
export type Result = Schemas["Result"];
export type Worker = Schemas["Worker"];
export type Job = Schemas["Job"];
export type Destination = Schemas["Destination"];
export type UploadReport = Schemas["UploadReport"];
export type Version = Schemas["Version"];
export type List<Item> = { items: Item[]; next?: string };
