import { describe, expect, it } from "vitest";

import * as accounts from "../src/api/accounts";
import * as calls from "../src/api/calls";
import { against, arrayContaining, boolean, eachLike, integer, JSON_TYPE, pactWith, PROBLEM_TYPE, regex, string } from "./contract";

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

  it("tells every setting with its origin and its reason", async () => {
    const settings = await against(
      pact.addInteraction().uponReceiving("the settings")
        .withRequest("GET", "/v1/settings")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ name: string("data.directory"), kind: regex(/^(text|boolean|integer|seconds|bytes|list)$/, "text"), value: string("var/larmor"), origin: string(""),
            default: string("var/larmor"), unit: string(""), restart: boolean(true), example: string(""), why: string("Everything lies below this folder.") }),
        })),
      () => calls.settings(),
    );
    expect(settings[0]).toMatchObject({ name: "data.directory", origin: "" });
  });

  it("looks at settings that somebody thinks of, and says which are wrong", async () => {
    const { items, ill } = await against(
      pact.addInteraction().uponReceiving("settings that are thought of")
        .withRequest("POST", "/v1/settings/checks", (request) => request.jsonBody({ values: { "http.port": "99999" } }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: arrayContaining({ what: "setting", name: "http.port", well: false, words: string("http.port 99999 is outside 0 to 65535"), mend: string("") }), ill: integer(1),
        })),
      () => calls.checkSettings({ "http.port": "99999" }),
    );
    expect([items[0]!.name, ill]).toEqual(["http.port", 1]);
  });

  it("looks for what is wrong, and says what mends it", async () => {
    const { items, ill } = await against(
      pact.addInteraction().uponReceiving("an examination")
        .withRequest("GET", "/v1/examination")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({
          items: eachLike({ what: string("disk"), name: string(""), well: boolean(true), words: string("12.0 GB free, 40%"), mend: string("") }), ill: integer(0),
        })),
      () => calls.examination(),
    );
    expect([items[0]!.what, ill]).toEqual(["disk", 0]);
  });
});
