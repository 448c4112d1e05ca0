// Holds the running services to every pact, interaction by interaction: the web application's at the front, and each service's at
// the service that it calls, with its own certificate.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { request } from "node:https";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { House, missing, until } from "../browser/larmor.mjs";
import { HouseApart } from "./apart.mjs";
import { SignedIn, statesOf } from "./states.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { Verifier } = require("@pact-foundation/pact");

const PACTS = fileURLToPath(new URL("./pacts/", import.meta.url));
/** Whoever relies on this one must be signed in, whom the other pacts know nothing of. */
const ACCOUNTS = "web-accounts.json";
const ANALYSIS_MS = 300_000;

// Nobody listens at the second destination, so that there is a job that waits, and can be cancelled and revived.
const RULES = `
rules:
  - name: brain-t1
    when: study.complete
    if:
      any_series: {Modality: MR, SeriesDescription: "*t1*", instances: ">= 20"}
    do:
      - analyse: brain
        send_results_to: [archive, nowhere]
`;

describe("Larmor with accounts", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let house;
  before(async () => { house = await House.open(); });
  after(() => house?.close());

  it("keeps what the pages rely on of accounts", { timeout: ANALYSIS_MS }, async () => {
    const signedIn = new SignedIn(house);
    const requestFilter = (asked, _, next) => {
      asked.headers.cookie = signedIn.cookie;
      next();
    };
    await new Verifier({ providerBaseUrl: house.url, pactUrls: [PACTS + ACCOUNTS], stateHandlers: signedIn.states, requestFilter, logLevel: "error", timeout: 30_000 }).verifyProvider();
  });
});

describe("Larmor apart", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let house;
  let study;
  before(async () => {
    house = await HouseApart.open({ rules: RULES, destinations: { "export.destinations.nowhere.host": "127.0.0.1", "export.destinations.nowhere.port": 1, "import.quiet_period_s": 4 } });
    const head = house.dicomize();
    study = head.study;
    await house.send(head.folder);
    await until("the results of the head", async () => {
      const [dead] = (await house.get(`/v1/jobs?study=${study}&state=dead`)).items;
      if (dead) throw new Error(`the analysis failed: ${JSON.stringify(dead.attempts.at(-1))}`);
      return (await house.get(`/v1/studies/${study}/results`)).items.length > 0;
    }, ANALYSIS_MS);
  }, { timeout: ANALYSIS_MS + 60_000 });
  after(() => house?.close());

  for (const file of readdirSync(PACTS)) {
    if (file === ACCOUNTS) continue;
    const [consumer, provider] = file.replace(/\.json$/, "").split("-");
    it(`${provider} keeps what ${consumer} relies on`, { timeout: 120_000 }, async () => {
      const providerBaseUrl = consumer === "web" ? house.url : await house.as(consumer, provider);
      await new Verifier({ providerBaseUrl, pactUrls: [PACTS + file], stateHandlers: statesOf(house, study), logLevel: "error", timeout: 30_000 }).verifyProvider();
    });
  }

  it("answers no peer without a certificate", async () => {
    const { ca } = house.identity("front");
    for (const [service, port] of Object.entries(house.peers))
      await assert.rejects(new Promise((resolve, reject) => {
        request({ ca, host: "127.0.0.1", port, path: "/v1/health" }, resolve).on("error", reject).end();
      }), /certificate required|socket hang up|ECONNRESET/, service);
  });
});
