import { describe, expect, it } from "vitest";

import * as calls from "../src/api/calls";
import { against, boolean, eachLike, fromProviderState, integer, JSON_TYPE, like, pactWith, string, STUDY } from "./contract";

const pact = pactWith("workflow");

describe("workflow, as the pages use it", () => {
  it("lists the rules in force, and how they went", async () => {
    const rules = await against(
      pact.addInteraction().given("a study with results").uponReceiving("the rules in force")
        .withRequest("GET", "/v1/rules")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ name: string("brain-t1"), trigger: string("study.complete"), text: string("name: brain-t1"), line: integer(2), matched: integer(1), skipped: integer(0) }),
        })),
      () => calls.rules(),
    );
    expect(rules[0]).toMatchObject({ name: "brain-t1", matched: 1 });
  });

  it("says what each rule makes of a study", async () => {
    const decisions = await against(
      pact.addInteraction().given("a study with results").uponReceiving("what the rules say of a study")
        .withRequest("GET", fromProviderState("/v1/studies/${study}/decisions", `/v1/studies/${STUDY}/decisions`))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ rule: string("brain-t1"), matched: boolean(true), reason: string("Modality is MR"), actions: like([]) }),
        })),
      () => calls.decisions(STUDY),
    );
    expect(decisions[0]).toMatchObject({ rule: "brain-t1", matched: true });
  });
});
