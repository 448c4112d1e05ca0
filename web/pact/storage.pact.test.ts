import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { Problem } from "../src/api/client";
import { against, eachLike, fromProviderState, integer, JSON_TYPE, pactWith, PROBLEM_TYPE, string, STUDY, time, uid } from "./contract";

const pact = pactWith("storage");
const study = {
  study: uid(STUDY), patient_name: string("Doe^Jane"), patient_id: string("P-1"), birth_date: string("19650101"), sex: string("F"), age: string("061Y"),
  date: string("20261124"), time: string("081500"), accession: string("A-1"), description: string("MR brain"), modalities: string("MR"),
  series: integer(1), instances: integer(176), bytes: integer(24640000), first_stored: time(),
};

describe("storage, as the pages use it", () => {
  it("lists studies, found by words, page by page", async () => {
    const page = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("a search for studies")
        .withRequest("GET", "/v1/studies", (request) => request.query({ q: fromProviderState("${words}", "doe"), from: "19000101", to: "99991231", modality: "MR", limit: "50" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(study), next: string("") })),
      () => calls.studies({ q: "doe", from: "19000101", to: "99991231", modality: "MR" }, ""),
    );
    expect(page.items[0]).toMatchObject({ study: STUDY, patient_name: "Doe^Jane", instances: 176 });
  });

  it("shows one study", async () => {
    const one = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("a study")
        .withRequest("GET", fromProviderState("/v1/studies/${study}", `/v1/studies/${STUDY}`))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody(study)),
      () => calls.study(STUDY),
    );
    expect(one.study).toBe(STUDY);
  });

  it("lists the series of a study", async () => {
    const series = await against(
      pact.addInteraction().given("a study of a head").uponReceiving("the series of a study")
        .withRequest("GET", fromProviderState("/v1/studies/${study}/series", `/v1/studies/${STUDY}/series`))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ series: uid(), modality: string("MR"), description: string("T1"), body_part: string("HEAD"), protocol: string("t1"),
            manufacturer: string("Philips"), model: string("Ingenia"), number: integer(1), instances: integer(176) }),
        })),
      () => calls.series(STUDY),
    );
    expect(series[0]).toMatchObject({ modality: "MR", instances: 176 });
  });

  it("says in words that there is no such study", async () => {
    const error = await against(
      pact.addInteraction().given("no studies").uponReceiving("a study that does not exist")
        .withRequest("GET", "/v1/studies/9.9.9")
        .willRespondWith(404, (answer) => answer.headers(PROBLEM_TYPE).jsonBody({ status: 404, detail: string("there is no study 9.9.9") })),
      () => calls.study("9.9.9").then(() => undefined, (reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ status: 404, what: "there is no study 9.9.9" });
  });
});
