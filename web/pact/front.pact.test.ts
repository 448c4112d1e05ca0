import { describe, expect, it } from "vitest";

import * as accounts from "../src/api/accounts";
import * as calls from "../src/api/calls";
import { against, boolean, eachLike, integer, JSON_TYPE, pactWith, PROBLEM_TYPE, string } from "./contract";

const pact = pactWith("front");

describe("the front, as the pages use it", () => {
  it("says how a PACS reaches this server, and whether OHIF is there", async () => {
    const version = await against(
      pact.addInteraction().uponReceiving("the version")
        .withRequest("GET", "/v1/version")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ version: string("0.1.0"), ohif: boolean(true), dicom: { ae_title: string("LARMOR"), port: integer(11112) } })),
      () => calls.version(),
    );
    expect(version.dicom).toEqual({ ae_title: "LARMOR", port: 11112 });
    expect(version.ohif).toBe(true);
  });

  it("says whether one must sign in, and what one may", async () => {
    const session = await against(
      pact.addInteraction().uponReceiving("who is signed in")
        .withRequest("GET", "/v1/session")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ required: boolean(false), scopes: eachLike("read") })),
      () => accounts.session(),
    );
    expect(session.required).toBe(false);
  });

  it("refuses a wrong name or password", async () => {
    await against(
      pact.addInteraction().uponReceiving("a sign-in of nobody")
        .withRequest("POST", "/v1/session", (request) => request.jsonBody({ name: "nobody", password: "a wrong password" }))
        .willRespondWith(401, (answer) => answer.headers(PROBLEM_TYPE).jsonBody({ detail: string("the name or the password is wrong") })),
      () => expect(accounts.signIn("nobody", "a wrong password")).rejects.toMatchObject({ status: 401 }),
    );
  });
});
