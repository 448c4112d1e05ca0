import { describe, expect, it } from "vitest";

import * as accounts from "../src/api/accounts";
import { against, arrayContaining, boolean, eachLike, fromProviderState, JSON_TYPE, pactWith, PROBLEM_TYPE, regex, string, time } from "./contract";

const pact = pactWith("accounts");
const SIGNED_IN = "an administrator is signed in";
const PASSWORD = "correct horse battery";
const user = { name: string("vera"), role: regex(/^(reader|operator|administrator)$/, "reader"), disabled: boolean(false) };
const token = { id: string("0a1b"), name: string("pacs"), scopes: eachLike("read"), made: time(), expires: time() };
const userPath = fromProviderState("/v1/users/${user}", "/v1/users/vera");

const asking = (what: string) => pact.addInteraction().given(SIGNED_IN).uponReceiving(what);
const done = async (call: Promise<unknown>) => { await call; return true; };

describe("accounts, as the pages use them", () => {
  it("says who is signed in and what that one may", async () => {
    const session = await against(
      asking("who is signed in").withRequest("GET", "/v1/session")
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ required: true, name: string("ada"), scopes: eachLike("read") })),
      () => accounts.session(),
    );
    expect(session).toMatchObject({ required: true, name: "ada" });
  });

  it("signs in", async () => {
    const session = await against(
      asking("a sign-in").withRequest("POST", "/v1/session", (request) => request.jsonBody({ name: fromProviderState("${user}", "vera"), password: PASSWORD }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ required: true, name: string("vera"), scopes: eachLike("read") })),
      () => accounts.signIn("vera", PASSWORD),
    );
    expect(session.name).toBe("vera");
  });

  it("gives another password, and signs out here and everywhere", async () => {
    const session = await against(
      asking("another password").withRequest("PUT", "/v1/session/password", (request) => request.jsonBody({ old: PASSWORD, password: "an entirely other one" }))
        .willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ required: true, name: string("ada") })),
      () => accounts.changePassword(PASSWORD, "an entirely other one"),
    );
    expect(session.name).toBe("ada");
    expect(await against(asking("a sign-out").withRequest("DELETE", "/v1/session").willRespondWith(204), () => done(accounts.signOut()))).toBe(true);
    expect(await against(asking("a sign-out everywhere").withRequest("DELETE", "/v1/sessions").willRespondWith(204), () => done(accounts.signOutEverywhere()))).toBe(true);
  });

  it("sets out to no provider where there is none", async () => {
    await against(
      asking("a journey to no provider").withRequest("POST", "/v1/session/journeys", (request) => request.jsonBody({ back_to: "/" }))
        .willRespondWith(404, (answer) => answer.headers(PROBLEM_TYPE).jsonBody({ detail: string("no provider is set here") })),
      () => expect(accounts.setOut("/")).rejects.toMatchObject({ status: 404 }),
    );
  });

  it("lists, adds and changes users", async () => {
    const [first] = await against(
      asking("the users").withRequest("GET", "/v1/users").willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: eachLike(user) })),
      () => accounts.users(),
    );
    expect(first).toMatchObject({ name: "vera", disabled: false });
    const added = asking("a new user").withRequest("POST", "/v1/users", (request) =>
      request.jsonBody({ name: fromProviderState("${newcomer}", "nele"), role: "operator", password: PASSWORD })).willRespondWith(204);
    expect(await against(added, () => done(accounts.addUser("nele", "operator", PASSWORD)))).toBe(true);
    const changed = asking("a disabled user").withRequest("PATCH", userPath, (request) => request.jsonBody({ disabled: true })).willRespondWith(204);
    expect(await against(changed, () => done(accounts.changeUser("vera", { disabled: true })))).toBe(true);
  });

  it("lists, makes and revokes tokens", async () => {
    const [first] = await against(
      asking("the tokens").withRequest("GET", "/v1/tokens").willRespondWith(200, (answer) => answer.headers(JSON_TYPE).jsonBody({ items: arrayContaining(token) })),
      () => accounts.tokens(),
    );
    expect(first).toMatchObject({ name: "pacs", scopes: ["read"] });
    const { secret } = await against(
      asking("a new token").withRequest("POST", "/v1/tokens", (request) => request.jsonBody({ name: "backup", scopes: ["read"], days: 30 }))
        .willRespondWith(201, (answer) => answer.headers(JSON_TYPE).jsonBody({ secret: string("larmor_5e1f") })),
      () => accounts.addToken("backup", ["read"], 30),
    );
    expect(secret).toBe("larmor_5e1f");
    const revoked = asking("a revocation").withRequest("DELETE", fromProviderState("/v1/tokens/${token}", "/v1/tokens/0a1b")).willRespondWith(204);
    expect(await against(revoked, () => done(accounts.revokeToken("0a1b")))).toBe(true);
  });
});
