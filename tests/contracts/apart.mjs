// The house with Larmor apart: six processes and a front, which talk REST with mutual TLS. And a way in for the verifier, which
// speaks plain HTTP: as one of the services, with its certificate.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { join } from "node:path";

import { freePorts, House, LARMOR, Program, run, serve } from "../browser/larmor.mjs";

// Who runs with whom: the log lives with storage, so that there are six.
const PROCESSES = { storage: ["storage", "events"], dispatch: ["dispatch"], workflow: ["workflow"], processing: ["processing"], export: ["export"], import: ["import"] };
const HERE = "127.0.0.1";

const address = (server) => new Promise((resolve) => server.listen(0, HERE, () => resolve(`http://${HERE}:${server.address().port}`)));

export class HouseApart extends House {
  async startLarmor() {
    this.certificates = join(this.directory, "certs");
    this.ways = new Map();
    run(LARMOR, ["certs", "init", this.certificates]);
    const ports = await freePorts(Object.keys(PROCESSES).length);
    this.peers = Object.fromEntries(Object.values(PROCESSES).flatMap((held, i) => held.map((service) => [service, ports[i]])));
    const programs = [];
    this.larmor = { stop: async () => { for (const program of programs.reverse()) await program.stop(); } };
    const start = async (name, services, settings, port) => {
      const peers = Object.entries(this.peers).filter(([service]) => !services.includes(service)).map(([service, at]) => [`peers.${service}`, `https://${HERE}:${at}`]);
      const all = { ...this.settings, "peer.certificates": this.certificates, ...Object.fromEntries(peers), ...settings };
      programs.push(new Program(name, serve(services, all), join(this.directory, `${name}.log`)));
      await programs.at(-1).up(port);
    };
    for (const [name, held] of Object.entries(PROCESSES)) await start(name, held, { "peer.port": this.peers[name] }, this.peers[name]);
    await start("front", ["front"], {}, this.httpPort);
  }

  /** An address without TLS at which a service sees that consumer call. */
  async as(consumer, service) {
    const way = `${consumer}-${service}`;
    if (!this.ways.has(way)) {
      const own = this.identity(consumer);
      const server = createServer((asked, answer) => {
        const onward = request({ ...own, host: HERE, port: this.peers[service], method: asked.method, path: asked.url, headers: asked.headers }, (reply) => {
          answer.writeHead(reply.statusCode, reply.headers);
          reply.pipe(answer);
        });
        onward.on("error", (error) => answer.writeHead(502).end(error.message));
        asked.pipe(onward);
      });
      this.ways.set(way, { server, url: await address(server) });
    }
    return this.ways.get(way).url;
  }

  identity(name) {
    const file = (which) => readFileSync(join(this.certificates, which));
    return { ca: file("ca.pem"), cert: file(`${name}.pem`), key: file(`${name}.key`) };
  }

  /** What a service answers to a consumer. */
  async ask(consumer, service, method, path, body) {
    const answer = await fetch(`${await this.as(consumer, service)}${path}`,
      { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  async close() {
    for (const { server } of this.ways.values()) server.close();
    await super.close();
  }
}
