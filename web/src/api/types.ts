/** The values of the API, under their own names. Their shapes come from api/openapi.json. */
import type { components } from "./generated";

type Schemas = components["schemas"];
export type Study = Schemas["study"];
export type StudyPage = Schemas["study_page"];
export type Series = Schemas["series"];
export type Event = Schemas["event"];
export type EventPage = Schemas["event_page"];
export type Arrival = Schemas["arrival"];
export type Result = Schemas["result"];
export type Worker = Schemas["worker"];
export type Job = Schemas["job"];
export type JobPage = Schemas["job_page"];
export type JobState = Job["state"];
export type Queue = Schemas["queue"];
export type Destination = Schemas["destination"];
export type EchoReport = Schemas["echo_report"];
export type UploadReport = Schemas["upload_report"];
export type Version = Schemas["version"];
export type Session = Schemas["session"];
export type Departure = Schemas["departure"];
export type User = Schemas["user"];
export type Token = Schemas["token"];
export type MadeToken = Schemas["made_token"];
export type Role = User["role"];
export type Scope = Token["scopes"][number];
export type List<Item> = { items: Item[]; next?: string };
