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
