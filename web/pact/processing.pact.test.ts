import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { call } from "../src/api/client";
import { volumesOf } from "../src/story/findings";
import { against, boolean, eachLike, fromProviderState, integer, JOB, JSON_TYPE, like, number, pactWith, regex, string, STUDY, time, uid } from "./contract";

const pact = pactWith("processing");

describe("processing, as the pages use it", () => {
  it("lists the results of a study with volumes by side", async () => {
    const results = await against(
      pact.addInteraction().given("a study with results").uponReceiving("the results of a study")
        .withRequest("GET", fromProviderState("/v1/studies/${study}/results", `/v1/studies/${STUDY}/results`))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({
            job: string(JOB), pipeline: string("brain"), version: string("1"), generation: integer(1), superseded: boolean(false), made: time(),
            findings: like({ intracranial_ml: number(1487.2), volumes: eachLike({ name: string("hippocampus"), side: regex(/^(left|right|middle)$/, "left"), ml: number(3.4) }) }),
            files: eachLike(string("report.pdf")), instances: eachLike(uid()),
          }),
        })),
      () => calls.results(STUDY),
    );
    expect(results[0]).toMatchObject({ job: JOB, pipeline: "brain", superseded: false });
    expect(volumesOf(results[0]!.findings)).toMatchObject({ intracranial: 1487.2, rows: [{ name: "hippocampus", left: 3.4 }] });
  });

  it("hands out a file of a result", async () => {
    const bytes = await against(
      pact.addInteraction().given("a study with results").uponReceiving("the report of a result")
        .withRequest("GET", fromProviderState("/v1/results/${job}/files/report.pdf", `/v1/results/${JOB}/files/report.pdf`))
        .willRespondWith(200, (answer) => answer.headers({ "Content-Type": "application/pdf" })),
      async () => (await call(new URL(calls.fileAddress(JOB, "report.pdf"), "http://here").pathname)).status,
    );
    expect(bytes).toBe(200);
  });

  it("hands out the norm over age", async () => {
    const curves = await against(
      pact.addInteraction().given("a study with results").uponReceiving("the norm of a result")
        .withRequest("GET", fromProviderState("/v1/results/${job}/files/norms.json", `/v1/results/${JOB}/files/norms.json`))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ ages: eachLike(number(20)), structures: eachLike({ id: integer(17), name: string("left hippocampus") }) })),
      () => calls.curves(JOB),
    );
    expect(curves.ages[0]).toBe(20);
  });

  it("tells what the workers are busy with", async () => {
    const workers = await against(
      pact.addInteraction().given("a worker").uponReceiving("the workers")
        .withRequest("GET", "/v1/workers")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ busy_with: string(""), study: string(""), fraction: number(0.4), step: string("") }),
        })),
      () => calls.workers(),
    );
    expect(workers[0]).toMatchObject({ fraction: 0.4 });
  });

  it("names the pipelines that can run", async () => {
    const pipelines = await against(
      pact.addInteraction().uponReceiving("the pipelines")
        .withRequest("GET", "/v1/pipelines")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike({ name: string("brain"), version: string("1") }) })),
      () => calls.pipelines(),
    );
    expect(pipelines[0]).toMatchObject({ name: "brain" });
  });

  it("keeps what a reader says of a result", async () => {
    const feedback = { words: "reaches into the insula", structure: "left putamen", at_mm: [-25, 4, 0] };
    const done = await against(
      pact.addInteraction().given("a study with results").uponReceiving("feedback on a result")
        .withRequest("POST", fromProviderState("/v1/results/${job}/feedback", `/v1/results/${JOB}/feedback`), (request) => request.jsonBody(feedback))
        .willRespondWith(204),
      () => calls.giveFeedback(JOB, feedback).then(() => true),
    );
    expect(done).toBe(true);
  });
});
