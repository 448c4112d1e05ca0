import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, arrayContaining, eachLike, fromProviderState, integer, JOB, JSON_TYPE, number, pactWith, regex, string, STUDY, TIME, time } from "./contract";

const pact = pactWith("dispatch");
const QUEUE = "export/archive";
const job = {
  id: string(JOB), work: { queue: string(QUEUE), study: string(STUDY), priority: regex(/^(low|routine|urgent)$/, "routine") }, state: regex(/^[a-z]+$/, "waiting"),
  queued: time(), due: time(), progress: { fraction: number(0.4), step: string("segmenting") }, attempts: [],
};

describe("dispatch, as the pages use it", () => {
  it("lists the jobs of a state and a queue", async () => {
    const page = await against(
      pact.addInteraction().given("a job that waits").uponReceiving("the jobs of a queue that wait")
        .withRequest("GET", "/v1/jobs", (request) => request.query({ state: "waiting", queue: fromProviderState("${queue}", QUEUE), limit: "50" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(job), next: string("") })),
      () => calls.jobs("waiting", QUEUE, ""),
    );
    expect(page.items[0]).toMatchObject({ id: JOB, work: { queue: QUEUE } });
  });

  it("tells how much waits in each queue", async () => {
    const queues = await against(
      pact.addInteraction().given("a job that waits").uponReceiving("the queues")
        .withRequest("GET", "/v1/queues")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ queue: string(QUEUE), waiting: integer(1), running: integer(0), dead: integer(0) }),
        })),
      () => calls.queues(),
    );
    expect(queues[0]).toMatchObject({ queue: QUEUE, waiting: 1 });
  });

  it("pauses a queue and lets it go on", async () => {
    const path = "/v1/queues/pact%2Fverified/pause";
    const done = await against(
      pact.addInteraction().uponReceiving("a queue's pause").withRequest("PUT", path).willRespondWith(204),
      () => calls.pause("pact/verified").then(() => true),
    );
    const again = await against(
      pact.addInteraction().uponReceiving("a queue's resumption").withRequest("DELETE", path).willRespondWith(204),
      () => calls.resume("pact/verified").then(() => true),
    );
    expect([done, again]).toEqual([true, true]);
  });

  it("says of a paused queue who paused it and since when", async () => {
    const queues = await against(
      pact.addInteraction().given("a paused queue").uponReceiving("the queues with a paused one")
        .withRequest("GET", "/v1/queues")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: arrayContaining({ queue: string("pact/paused"), paused: { since: time(), by: string("") } }) })),
      () => calls.queues(),
    );
    expect(queues[0]!.paused).toEqual({ since: TIME, by: "" });
  });

  it("cancels a job that waits", async () => {
    const done = await against(
      pact.addInteraction().given("a job that waits").uponReceiving("a job's cancellation")
        .withRequest("DELETE", fromProviderState("/v1/jobs/${job}", `/v1/jobs/${JOB}`))
        .willRespondWith(204),
      () => calls.cancel(JOB).then(() => true),
    );
    expect(done).toBe(true);
  });

  it("lets a dead job wait again", async () => {
    const done = await against(
      pact.addInteraction().given("a dead job").uponReceiving("a job's revival")
        .withRequest("POST", fromProviderState("/v1/jobs/${job}/revivals", `/v1/jobs/${JOB}/revivals`))
        .willRespondWith(201),
      () => calls.revive(JOB).then(() => true),
    );
    expect(done).toBe(true);
  });

  it("takes an analysis that a person asks for", async () => {
    const id = await against(
      pact.addInteraction().uponReceiving("an analysis")
        .withRequest("POST", "/v1/jobs", (request) => request.jsonBody({ queue: "pipeline/pact", study: STUDY, arguments: { study: STUDY, generation: 1, rule: "", send_to: [], priors_from: [] } }))
        .willRespondWith(201, (answer) => answer.headers(JSON_TYPE).jsonBody({ id: string(JOB) })),
      () => calls.analyse(STUDY, 1, "pact"),
    );
    expect(id).toBe(JOB);
  });
});
