import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, boolean, eachLike, integer, JSON_TYPE, number, pactWith, string, STUDY } from "./contract";

const pact = pactWith("export");

describe("export, as the pages use it", () => {
  it("lists the destinations, and how each is", async () => {
    const destinations = await against(
      pact.addInteraction().uponReceiving("the destinations")
        .withRequest("GET", "/v1/destinations")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ name: string("archive"), host: string("10.0.0.5"), port: integer(104), called: string("ARCHIVE"), calling: string("LARMOR"),
            waiting: integer(0), dead: integer(0), last_error: string("") }),
        })),
      () => calls.destinations(),
    );
    expect(destinations[0]).toMatchObject({ name: "archive", port: 104 });
  });

  it("greets a destination; that it does not answer is an answer", async () => {
    const report = await against(
      pact.addInteraction().uponReceiving("the echo of a destination that is not there")
        .withRequest("POST", "/v1/destinations/nowhere/echoes")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ reached: boolean(false), seconds: number(0.1), words: string("connection refused") })),
      () => calls.echo("nowhere"),
    );
    expect(report.reached).toBe(false);
  });

  it("puts instances of a study into a destination's queue", async () => {
    const done = await against(
      pact.addInteraction().uponReceiving("a delivery")
        .withRequest("POST", "/v1/destinations/nowhere/deliveries", (request) => request.jsonBody({ study: STUDY, instances: [`${STUDY}.9`] }))
        .willRespondWith(202),
      () => calls.deliver("nowhere", STUDY, [`${STUDY}.9`]).then(() => true),
    );
    expect(done).toBe(true);
  });
});
