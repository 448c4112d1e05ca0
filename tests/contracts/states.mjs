// The states that pacts name, brought about in a house with a head in it; what each tells becomes part of the requests.
import { spawn } from "node:child_process";

import { until } from "../browser/larmor.mjs";

/** Jobs that no worker of this house takes. */
const QUEUE = "pact/verified";

export function statesOf(house, study) {
  const kept = async () => {
    const series = (await house.get(`/v1/studies/${study}/series`)).items.find((one) => one.modality === "MR");
    return { study, words: "colin", series: series.series, instance: series.first };
  };
  const job = async () => (await house.ask("workflow", "dispatch", "POST", "/v1/jobs", { queue: QUEUE, study })).id;
  let association;
  return {
    "a study of a head": kept,
    "a study with results": async () => ({ study, job: (await house.get(`/v1/studies/${study}/results`)).items[0].job }),
    "a study that arrives": async () => {
      await house.send(house.small().folder);
      await until("an arrival", async () => (await house.get("/v1/arrivals")).items.length > 0);
      return {};
    },
    "an open association": {
      setup: async () => {
        association = spawn("echoscu", ["-aec", "LARMOR", "--repeat", "1000000", "127.0.0.1", String(house.dicomPort)], { stdio: "ignore" });
        await until("an association", async () => (await house.get("/v1/associations")).items.length > 0);
        return {};
      },
      teardown: async () => { association.kill(); },
    },
    "a worker": async () => ({}),
    "no studies": async () => ({}),
    "a dead job": async () => {
      const waiting = await until("a job that waits", async () => (await house.get("/v1/jobs?queue=export/nowhere")).items[0]);
      await until("its cancellation", async () => (await fetch(`${house.url}/v1/jobs/${waiting.id}`, { method: "DELETE" })).ok);
      return { job: waiting.id };
    },
    "a paused queue": async () => {
      await house.ask("front", "dispatch", "PUT", "/v1/queues/pact%2Fpaused/pause");
      return {};
    },
    "a job that waits": async () => ({ job: await job(), queue: QUEUE }),
    "a lease": async () => {
      await job();
      const lease = await house.ask("processing", "dispatch", "POST", "/v1/leases", { worker: "pact", queues: [QUEUE] });
      return { job: lease.job, token: lease.token, study };
    },
  };
}

const PASSWORD = "correct horse battery";

/** Somebody signed in anew for each interaction, since some of them end the session or change the password. */
export class SignedIn {
  cookie = "";
  count = 0;

  constructor(house) {
    this.house = house;
  }

  get states() {
    return { "an administrator is signed in": () => this.signIn() };
  }

  async signIn() {
    const user = `vera-${this.count += 1}`;
    this.house.addUser(`ada-${this.count}`, "administrator", PASSWORD);
    this.house.addUser(user, "reader", PASSWORD);
    const session = await this.post("/v1/session", { name: `ada-${this.count}`, password: PASSWORD });
    this.cookie = session.headers.get("set-cookie").split(";")[0];
    const token = await (await this.post("/v1/tokens", { name: "pacs", scopes: ["read"], days: 1 })).json();
    return { user, newcomer: `nele-${this.count}`, token: token.id };
  }

  async post(path, body) {
    const answer = await fetch(this.house.url + path, { method: "POST", headers: { "content-type": "application/json", cookie: this.cookie }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
