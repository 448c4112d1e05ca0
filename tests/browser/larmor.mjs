// The real Larmor with a real archive (Orthanc) beside it, for the length of a test. What is started here is ended here, by its
// process id.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./tools.mjs";

export const LARMOR = process.env.LARMOR_BIN ?? join(ROOT, "build", process.env.LARMOR_PRESET ?? "dev", "src/app/larmor");
/** A T1 head of one person (Colin27), Debian's mricron-data. */
export const HEAD = "/usr/share/mricron/templates/ch2.nii.gz";
/** Orthanc's DICOMweb, Debian's orthanc-dicomweb; viewers read from it. */
export const DICOMWEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const PATIENCE_MS = 60_000;

const RULES = `
rules:
  - name: brain-t1
    when: study.complete
    if:
      any_series: {Modality: MR, SeriesDescription: "*t1*", instances: ">= 20"}
    do:
      - analyse: brain
        send_results_to: [archive]
`;

export const missing = [LARMOR, HEAD].filter((file) => !existsSync(file));

const [LOW, HIGH] = (process.env.LARMOR_PORTS ?? "15000-32000").split("-").map(Number);
const given = new Set();

/** Whether nobody listens there. */
const free = (port) => new Promise((resolve) => {
  const server = createServer().once("error", () => resolve(false)).listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
});

/** As in tools/lab.py, and for its reasons. */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) {
    const port = LOW + Math.floor(Math.random() * (HIGH - LOW));
    if (given.has(port)) continue;
    given.add(port);
    if (await free(port)) ports.push(port);
  }
  return ports;
}

const listening = (port) => new Promise((resolve) => {
  const socket = connect(port, "127.0.0.1");
  socket.once("connect", () => { socket.destroy(); resolve(true); });
  socket.once("error", () => resolve(false));
});

export async function until(what, test, patienceMs = PATIENCE_MS) {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await test();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${patienceMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const alive = new Set();
process.on("exit", () => { for (const child of alive) child.kill("SIGKILL"); });

/** A program with its output in a log file; an early end is an error that shows the log's end. */
export class Program {
  constructor(name, command, log, env = {}) {
    this.name = name;
    this.log = log;
    const out = openSync(log, "a");
    this.child = spawn(command[0], command.slice(1), { stdio: ["ignore", out, out], env: { ...process.env, ...env } });
    alive.add(this.child);
    this.ended = new Promise((resolve) => this.child.once("exit", (code, signal) => {
      alive.delete(this.child);
      resolve(code ?? signal);
    }));
  }
  async up(port) {
    await until(`${this.name} at port ${port}`, async () => {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended with ${this.child.exitCode}:\n${readFileSync(this.log, "utf8").slice(-2000)}`);
      return listening(port);
    });
  }
  async stop(signal = "SIGTERM") {
    if (this.child.exitCode === null) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    await this.ended;
    clearTimeout(timer);
  }
}

/** The command that serves those services, or all. */
export const serve = (services, settings) => [LARMOR, "serve", ...services, ...Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`])];

export class House {
  /** `settings` are further ones, made of the house once it has a folder and ports. */
  static async open({ destinations = {}, rules = RULES, plugins = [], settings = () => ({}) } = {}) {
    const house = new this();
    house.directory = mkdtempSync(join(tmpdir(), "larmor-browser-"));
    [house.httpPort, house.dicomPort, house.archiveHttp, house.archivePort] = await freePorts(4);
    house.url = `http://127.0.0.1:${house.httpPort}`;
    house.destinations = { ...destinations, ...settings(house) };
    house.plugins = plugins;
    writeFileSync(join(house.directory, "rules.yaml"), rules);
    await house.startArchive();
    await house.startLarmor();
    return house;
  }

  async startArchive() {
    const config = join(this.directory, "archive.json");
    writeFileSync(config, JSON.stringify({ Name: "archive", StorageDirectory: join(this.directory, "archive"), IndexDirectory: join(this.directory, "archive"),
      HttpPort: this.archiveHttp, DicomPort: this.archivePort, DicomAet: "ARCHIVE", RemoteAccessAllowed: false, DicomAlwaysAllowStore: true,
      DicomAlwaysAllowFind: true, DicomCheckCalledAet: false, Plugins: this.plugins }));
    this.archive = new Program("Orthanc", ["Orthanc", config], join(this.directory, "archive.log"), { TCP_NODELAY: "1" });
    await this.archive.up(this.archivePort);
  }

  get settings() {
    return {
      "data.directory": join(this.directory, "larmor"), "web.directory": join(ROOT, "web/dist"), "http.port": this.httpPort, "import.port": this.dicomPort,
      "workflow.rules": join(this.directory, "rules.yaml"), "import.quiet_period_s": 2,
      "export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": this.archivePort, "export.destinations.archive.called_ae": "ARCHIVE",
      ...this.destinations,
    };
  }

  async startLarmor() {
    this.larmor = new Program("Larmor", serve([], this.settings), join(this.directory, "larmor.log"));
    await this.larmor.up(this.httpPort);
    await this.larmor.up(this.dicomPort);
  }

  /** Somebody who may sign in; from the first on everybody must. */
  addUser(name, role, password) {
    run(LARMOR, ["users", "add", name, "--role", role, "--set", `data.directory=${join(this.directory, "larmor")}`], `${password}\n`);
  }

  async get(path, options) {
    const answer = await fetch(this.url + path, options);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  post(path, body) {
    return this.get(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }

  /** The head as an MR series, made by larmor itself; returns the folder and the Study Instance UID. */
  dicomize({ patient = "Colin^Demo", id = "DEMO-27", head = HEAD } = {}) {
    const folder = join(this.directory, `head-${id}`);
    const made = run(LARMOR, ["dicomize", head, "--out", folder, "--patient-name", patient, "--patient-id", id, "--birth-date", "19650101", "--sex", "M",
      "--study-date", "20261101", "--study-description", "MR brain (test)", "--series-description", "T1 3D", "--json"]);
    return { folder, study: JSON.parse(made).study };
  }

  /** A few small images of no interest to any rule, made with DCMTK. */
  small({ study = `2.25.${Date.now()}${Math.floor(Math.random() * 1e6)}`, name = "Small^Sam", images = 3, from = 0 } = {}) {
    const folder = join(this.directory, `small-${study}-${from}`);
    mkdirSync(folder, { recursive: true });
    for (let n = from + 1; n <= from + images; n += 1) {
      const dump = join(folder, `${n}.txt`);
      writeFileSync(dump, [
        "(0008,0005) CS [ISO_IR 192]", "(0008,0016) UI [1.2.840.10008.5.1.4.1.1.4]", `(0008,0018) UI [${study}.1.${n}]`, "(0008,0020) DA [20260131]",
        "(0008,0030) TM [233000]", "(0008,0060) CS [MR]", "(0008,1030) LO [Phantom check]", "(0008,103e) LO [localizer]", `(0010,0010) PN [${name}]`,
        "(0010,0020) LO [SMALL-1]", "(0010,0030) DA [19700228]", "(0010,0040) CS [F]", `(0020,000d) UI [${study}]`, `(0020,000e) UI [${study}.1]`,
        "(0020,0011) IS [1]", `(0020,0013) IS [${n}]`, `(0020,0032) DS [0\\0\\${n}]`, "(0020,0037) DS [1\\0\\0\\0\\1\\0]", "(0028,0002) US 1",
        "(0028,0004) CS [MONOCHROME2]", "(0028,0010) US 2", "(0028,0011) US 2", "(0028,0100) US 8", "(0028,0101) US 8", "(0028,0102) US 7", "(0028,0103) US 0",
        "(7fe0,0010) OB 01\\02\\03\\04", "",
      ].join("\n"));
      run("dump2dcm", ["--quiet", dump, join(folder, `${n}.dcm`)]);
      rmSync(dump);
    }
    return { folder, study };
  }

  /** C-STORE of a folder, as a modality would; to Larmor, or to the archive's port. */
  send(folder, port = this.dicomPort) {
    return new Promise((resolve, reject) => {
      const child = spawn("storescu", ["-aec", "LARMOR", "-aet", "BROWSERTEST", "+sd", "+r", "-xs", "127.0.0.1", String(port), folder],
        { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, TCP_NODELAY: "1" } });
      let words = "";
      child.stderr.on("data", (piece) => { words += piece; });
      child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`storescu ended with ${code}: ${words}`))));
    });
  }

  async close() {
    await this.larmor.stop();
    await this.archive.stop();
    if (!process.env.KEEP) rmSync(this.directory, { recursive: true, force: true });
  }
}

export function run(program, argv, input) {
  const done = spawnSync(program, argv, { encoding: "utf8", input, maxBuffer: 64 << 20 });
  if (done.status !== 0) throw new Error(`${program} ${argv[0]} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}
