// Holds the running server against every pact of the web application, interaction by interaction.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { House, missing, until } from "../browser/larmor.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { Verifier } = require("@pact-foundation/pact");

const PACTS = fileURLToPath(new URL("./pacts/", import.meta.url));
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

describe("the server keeps what the web application relies on", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let house;
  let study;
  before(async () => {
    house = await House.open({ rules: RULES, destinations: { "export.destinations.nowhere.host": "127.0.0.1", "export.destinations.nowhere.port": 1, "import.quiet_period_s": 4 } });
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

  const states = {
    "a study of a head": async () => ({ study, words: "colin" }),
    "a study with results": async () => ({ study, job: (await house.get(`/v1/studies/${study}/results`)).items[0].job }),
    "a study that arrives": async () => {
      await house.send(house.small().folder);
      await until("an arrival", async () => (await house.get("/v1/arrivals")).items.length > 0);
      return {};
    },
    "a worker": async () => ({}),
    "no studies": async () => ({}),
    "a dead job": async () => {
      const job = await until("a job that waits", async () => (await house.get("/v1/jobs?queue=export/nowhere")).items[0]);
      await until("its cancellation", async () => (await fetch(`${house.url}/v1/jobs/${job.id}`, { method: "DELETE" })).ok);
      return { job: job.id };
    },
  };

  for (const file of readdirSync(PACTS).filter((name) => name.startsWith("web-")))
    it(file.replace(/\.json$/, ""), { timeout: 120_000 }, async () => {
      await new Verifier({ providerBaseUrl: house.url, pactUrls: [PACTS + file], stateHandlers: states, logLevel: "error", timeout: 30_000 }).verifyProvider();
    });
});
