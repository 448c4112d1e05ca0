import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, eachLike, fromProviderState, integer, JSON_TYPE, like, pactWith, regex, string, STUDY, time } from "./contract";

const pact = pactWith("events");
const event = (type: string) => ({
  seq: integer(7), at: time(), type: regex(/^[a-z]+\.[a-z_]+$/, type), service: string("import"), study: string(STUDY), fields: like({}), words: string("study complete"),
});

describe("the event log, as the pages use it", () => {
  it("tells the steps of a study", async () => {
    const events = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("the steps of a study")
        .withRequest("GET", "/v1/events", (request) =>
          request.query({ study: fromProviderState("${study}", STUDY), type: [...calls.STEP_TYPES], after: "0", limit: "1000" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(event("study.complete")), last: integer(9) })),
      () => calls.events(STUDY, calls.STEP_TYPES),
    );
    expect(events[0]).toMatchObject({ seq: 7, type: "study.complete", study: STUDY });
  });

  it("tells the whole story of a study", async () => {
    const events = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("the whole story of a study")
        .withRequest("GET", "/v1/events", (request) => request.query({ study: fromProviderState("${study}", STUDY), after: "0", limit: "1000" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(event("instance.stored")), last: integer(9) })),
      () => calls.events(STUDY, []),
    );
    expect(events).toHaveLength(1);
  });

  it("gives the newest of what a reader chose, by any field", async () => {
    const page = await against(
      pact.addInteraction().given("a study with results").uponReceiving("the newest events by a field")
        .withRequest("GET", "/v1/events", (request) =>
          request.query({ study: fromProviderState("${study}", STUDY), type: "rule.", field: "service:workflow", before: "9007199254740991", order: "falling", limit: "200" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(event("rule.matched")), next: like(""), last: integer(9) })),
      () => calls.eventsBefore({ study: STUDY, type: ["rule."], field: ["service:workflow"] }, Number.MAX_SAFE_INTEGER),
    );
    expect(page.items[0]).toMatchObject({ type: "rule.matched" });
  });

  it("gives what comes behind a number, in order", async () => {
    const page = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("events behind a number")
        .withRequest("GET", "/v1/events", (request) => request.query({ after: "0", limit: "200" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(like({ seq: integer(1), type: string("instance.stored") })), next: like(""), last: integer(9) })),
      () => calls.eventsBehind({ type: [], field: [] }, 0),
    );
    expect(page.items).toHaveLength(1);
  });

  it("tells who greeted Larmor", async () => {
    const greetings = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("the associations that were opened")
        .withRequest("GET", "/v1/events", (request) => request.query({ type: ["association.opened"], after: "0", limit: "1000" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ ...event("association.opened"), study: "", fields: like({ calling: string("ORTHANC"), address: string("10.0.0.5") }) }), last: integer(9),
        })),
      () => calls.greetings(0),
    );
    expect(greetings[0]!.fields).toMatchObject({ calling: "ORTHANC", address: "10.0.0.5" });
  });

  it("tells its newest number to who asks beyond its end", async () => {
    const last = await against(
      pact.addInteraction().uponReceiving("the newest number")
        .withRequest("GET", "/v1/events", (request) => request.query({ after: String(Number.MAX_SAFE_INTEGER), limit: "1" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: [], last: integer(9) })),
      () => calls.newest(Number.MAX_SAFE_INTEGER),
    );
    expect(last).toBe(9);
  });
});
