// Signing in with the hospital's account: a real OpenID Connect provider (oidc-provider) beside the real server.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";

import { freePorts, House, missing } from "./larmor.mjs";
import { launch, open, ROOT, shot } from "./tools.mjs";

const PROVIDER = join(ROOT, "web/node_modules/oidc-provider/lib/index.js");
const absent = [...missing, ...(existsSync(PROVIDER) ? [] : ["oidc-provider (npm ci --prefix web)"])];
const SECRET = "the secret of this test";
const PEOPLE = { anna: ["staff", "radiology"], otto: ["staff", "radiographers"], carl: ["cleaning"], ada: ["radiology"] };

const key = (kid, kind, options, alg) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), kid, alg, use: "sig" });
const rsa = (kid) => key(kid, "rsa", { modulusLength: 2048 }, "RS256");
const ec = (kid) => key(kid, "ec", { namedCurve: "P-256" }, "ES256");

/** A provider on that port; whoever types a name is that person. */
async function provide(port, redirect, keys, algorithm) {
  const { default: Provider } = await import(pathToFileURL(PROVIDER));
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: "larmor", client_secret: SECRET, redirect_uris: [redirect], token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: algorithm }],
    jwks: { keys }, claims: { openid: ["sub"], profile: ["preferred_username", "roles"] }, conformIdTokenClaims: false,
    pkce: { required: () => true }, cookies: { keys: ["of this test"] }, features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `subject-of-${id}`, preferred_username: id, roles: PEOPLE[id] ?? [] }) }),
  });
  const server = createServer(provider.callback());
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); });
}

describe("signing in with a provider", { skip: absent.length > 0 && `not here: ${absent.join(", ")}` }, () => {
  let browser;
  let house;
  let port;
  let end;
  let redirect;
  const keys = [rsa("first"), ec("second")];
  before(async () => {
    browser = await launch();
    [port] = await freePorts(1);
    house = await House.open({ settings: ({ directory, url }) => {
      const secret = join(directory, "oidc.secret");
      writeFileSync(secret, `${SECRET}\n`);
      return { "accounts.oidc.issuer": `http://127.0.0.1:${port}`, "accounts.oidc.client_secret_file": secret, "accounts.oidc.own_address": url,
        "accounts.oidc.readers": "radiology", "accounts.oidc.operators": "radiographers", "accounts.oidc.title": "the hospital's account" };
    } });
    redirect = `${house.url}/v1/session/return`;
    end = await provide(port, redirect, keys, "RS256");
  });
  after(async () => {
    await browser?.close();
    await end?.();
    await house?.close();
  });

  async function comeWith(page, name) {
    await page.getByRole("button", { name: "Sign in with the hospital's account" }).click();
    await page.locator('input[name="login"]').fill(name);
    await page.locator('input[name="password"]').fill("anything");
    await page.locator('button[type="submit"]').click();
    const consent = page.getByRole("button", { name: "Continue" });
    await consent.or(page.getByRole("heading", { name: "Sign in" })).first().waitFor();
    if (await consent.isVisible()) await consent.click();
  }
  const account = (page, name) => page.getByRole("link", { name: `Your account, ${name}` });

  it("nobody has an account here, and everybody must sign in", async () => {
    assert.equal((await fetch(`${house.url}/v1/studies`)).status, 401);
  });

  it("a person comes back where she was, with the role that the provider says", async () => {
    const { page, context, errors } = await open(browser, `${house.url}/upload?x=1`);
    await page.getByRole("button", { name: "Sign in with the hospital's account" }).waitFor();
    await shot(page, "sign-in-provider");
    await comeWith(page, "anna");
    await account(page, "anna").waitFor();
    assert.ok(page.url().startsWith(`${house.url}/upload`), page.url());
    const session = await page.evaluate(() => fetch("/v1/session").then((answer) => answer.json()));
    assert.deepEqual([session.name, session.role, session.scopes], ["anna", "reader", ["read"]]);
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("who has no role there is told so, and has no session", async () => {
    const { page, context } = await open(browser, house.url);
    await comeWith(page, "carl");
    await page.getByRole("alert").getByText("You may not use this Larmor").waitFor();
    assert.deepEqual((await context.cookies(house.url)).filter(({ name }) => name === "larmor"), []);
    await context.close();
  });

  it("a name that is somebody's here already lets nobody in", async () => {
    house.addUser("ada", "administrator", "correct horse battery");
    const { page, context } = await open(browser, house.url);
    await comeWith(page, "ada");
    await page.getByRole("alert").getByText("somebody else's").waitFor();
    await context.close();
  });

  it("a link with another's code or an old state signs nobody in", async () => {
    const { page, context } = await open(browser, `${redirect}?code=stolen&state=guessed`);
    await page.getByRole("alert").getByText("begun in another browser").waitFor();
    assert.equal((await page.evaluate(() => fetch("/v1/studies").then(({ status }) => status))), 401);
    await context.close();
  });

  it("the way back leads to no other site", async () => {
    for (const away of ["//evil.example", "https://evil.example", "/\\evil.example", "evil"]) {
      const answer = await fetch(`${house.url}/v1/session/journeys`, { method: "POST", body: JSON.stringify({ back_to: away }) });
      assert.equal(answer.status, 422, away);
    }
  });

  it("a provider that came back with other keys and another algorithm is trusted again", async () => {
    await end();
    const { page, context } = await open(browser, house.url);
    await page.getByRole("button", { name: "Sign in with the hospital's account" }).waitFor();
    end = await provide(port, redirect, [rsa("third"), ec("fourth")], "ES256");
    await new Promise((resolve) => setTimeout(resolve, 11_000)); // an unknown key is looked for at most every ten seconds
    await comeWith(page, "otto");
    await account(page, "otto").waitFor();
    assert.equal((await page.evaluate(() => fetch("/v1/session").then((answer) => answer.json()))).role, "operator");
    await context.close();
  });
});
