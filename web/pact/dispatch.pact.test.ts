import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, fromProviderState, JOB, pactWith } from "./contract";

const pact = pactWith("dispatch");

describe("dispatch, as the pages use it", () => {
  it("lets a dead job wait again", async () => {
    const done = await against(
      pact.addInteraction().given("a dead job").uponReceiving("a job's revival")
        .withRequest("POST", fromProviderState("/v1/jobs/${job}/revivals", `/v1/jobs/${JOB}/revivals`))
        .willRespondWith(201),
      () => calls.revive(JOB).then(() => true),
    );
    expect(done).toBe(true);
  });
});
