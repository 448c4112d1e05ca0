"""Starts real neighbours for Larmor on free ports of 127.0.0.1 and ends them with whoever started them.

Used by the demonstration (tools/demo.py), the scenario tests (tests/scenarios) and the benches (bench).
"""
import contextlib
import ctypes
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARMOR = Path(os.environ.get("LARMOR_BIN", ROOT / "build" / os.environ.get("LARMOR_PRESET", "dev") / "src/app/larmor"))
PR_SET_PDEATHSIG = 1
# Below those that the system gives to outgoing connections, which could take one between its choice and its use. Programs that run side
# by side have their own (tools/run_tests.py); tests/browser/larmor.mjs chooses likewise.
LOW, HIGH = map(int, os.environ.get("LARMOR_PORTS", "15000-32000").split("-"))
PORTS, GIVEN = range(LOW, HIGH), set()


class Trouble(Exception):
    """Something did not come up or did not answer; the text says what and where its log is."""


def free_ports(count):
    """Ports that nobody listens on now, none of them given before."""
    found = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        with contextlib.suppress(OSError), socket.socket() as s:
            if port not in GIVEN:
                s.bind(("127.0.0.1", port))
                found.append(port)
    GIVEN.update(found)
    return found


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for(what, condition, patience_s=30.0, every_s=0.02):
    """The first true value of condition(); Trouble after patience_s."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every_s)
    raise Trouble(f"waited {patience_s:g} s for {what}")


def http(url, data=None, method=None, timeout=30, content_type="application/json"):
    """(status, body) of a request; data may be bytes or something that JSON can hold."""
    if data is not None and not isinstance(data, bytes):
        data = json.dumps(data).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def http_json(url, data=None, method=None, timeout=30):
    status, body = http(url, data, method, timeout)
    if status >= 400:
        raise Trouble(f"{url} answered {status}: {body[:500].decode(errors='replace')}")
    return json.loads(body) if body else None


class Program:
    """A child process with its output in a log file; ends with us."""

    def __init__(self, name, command, log, env=None):
        self.name, self.log = name, Path(log)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env={**os.environ, **(env or {})}, preexec_fn=die_with_parent)

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        if self.process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-1500:]
            raise Trouble(f"{self.name} ended with status {self.process.returncode}; its log {self.log} ends:\n{tail}")
        return True

    def stop(self, patience_s=20):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()


def listening(port):
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Orthanc(Program):
    """Debian's Orthanc as the hospital's archive. modalities: name -> (AE title, port)."""

    def __init__(self, directory, modalities, ae_title="ARCHIVE", ports=None, fast=True, settings=None, wait=True):
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self.ae_title = ae_title
        self.http_port, self.dicom_port = ports or free_ports(2)
        self.url = f"http://127.0.0.1:{self.http_port}"
        config = {
            "Name": "Hospital archive", "StorageDirectory": str(directory / "storage"),
            "IndexDirectory": str(directory / "storage"), "HttpPort": self.http_port, "DicomPort": self.dicom_port,
            "DicomAet": ae_title, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True, "DicomCheckModalityHost": False,
            "DicomCheckCalledAet": False, "StorageAccessOnFind": "Never", "Plugins": [],
            "DicomModalities": {name: [ae, "127.0.0.1", port] for name, (ae, port) in modalities.items()},
            **(settings or {}),
        }
        path = directory / "orthanc.json"
        path.write_text(json.dumps(config, indent=1))
        env = {"TCP_NODELAY": "1"} if fast else {}
        super().__init__("Orthanc", [shutil.which("Orthanc") or "/usr/sbin/Orthanc", path], directory / "orthanc.log", env)
        if wait:
            wait_for("Orthanc", lambda: self.alive() and listening(self.http_port) and listening(self.dicom_port))


class Larmor(Program):
    """`larmor serve`, all in one process or a part of it. settings: name -> value, given as --set."""

    def __init__(self, directory, settings=None, config=None, services=(), binary=LARMOR, wait=True, ports=None, extra=()):
        self.directory = self.data = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.http_port, self.dicom_port = ports or free_ports(2)
        self.url = f"http://127.0.0.1:{self.http_port}"
        chosen = {"data.directory": self.directory, "http.port": self.http_port, "import.port": self.dicom_port, **(settings or {})}
        command = [binary, "serve", *services]
        if config:
            command += ["--config", config]
        for name, value in chosen.items():
            command += ["--set", f"{name}={value}"]
        super().__init__("Larmor", [*command, *extra], self.directory / "larmor.log")
        if wait:
            self.wait_ready()

    def wait_ready(self):
        wait_for("Larmor", lambda: self.alive() and listening(self.http_port) and http(f"{self.url}/v1/health")[0] == 200)

    def get(self, path):
        return http_json(self.url + path)

    def events(self, study=None, after=0, wait_s=0, types=()):
        query = f"?after={after}&limit=1000" + (f"&wait_s={wait_s}" if wait_s else "") + (f"&study={study}" if study else "")
        return self.get("/v1/events" + query + "".join(f"&type={t}" for t in types))["items"]


class LarmorApart:
    """Larmor as six processes and a front, which talk REST with mutual TLS. Answers to the same calls as Larmor."""

    # Who runs with whom: the log lives with storage, so that there are six.
    PROCESSES = {"storage": ("storage", "events"), "dispatch": ("dispatch",), "workflow": ("workflow",),
                 "processing": ("processing",), "export": ("export",), "import": ("import",)}

    def __init__(self, directory, settings=None, config=None, binary=LARMOR, ports=None):
        self.directory, self.data = Path(directory), Path(directory) / "data"
        self.http_port, self.dicom_port = ports or free_ports(2)
        certificates = self.directory / "certs"
        if not certificates.exists():
            larmor("certs", "init", certificates, binary=binary)
        peer_ports = dict(zip(self.PROCESSES, free_ports(len(self.PROCESSES))))
        peers = {f"peers.{service}": f"https://127.0.0.1:{peer_ports[process]}" for process, held in self.PROCESSES.items() for service in held}
        common = {"peer.certificates": certificates, "data.directory": self.data, **(settings or {})}
        self.programs = {}
        for process, held in self.PROCESSES.items():
            others = {name: url for name, url in peers.items() if name.removeprefix("peers.") not in held}
            self.programs[process] = Larmor(self.directory / process, {**common, **others, "peer.port": peer_ports[process]}, config, held, binary,
                                            wait=False, ports=(0, self.dicom_port))
            wait_for(process, lambda: self.programs[process].alive() and listening(peer_ports[process]))
        self.front = Larmor(self.directory / "front", {**common, **peers}, config, ("front",), binary, ports=(self.http_port, self.dicom_port))
        self.url, self.get, self.events = self.front.url, self.front.get, self.front.events

    def alive(self):
        return all(p.alive() for p in [*self.programs.values(), self.front])

    def stop(self):
        for program in self._outside_in():
            program.stop()

    def kill(self):
        for program in self._outside_in():
            program.kill()

    def _outside_in(self):
        return [self.front, *reversed(self.programs.values())]


def larmor(*arguments, binary=LARMOR, check=True, timeout=300):
    """Runs a command of the program; its output as text."""
    done = subprocess.run([str(binary), *map(str, arguments)], capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise Trouble(f"larmor {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr.strip()}")
    return done


def real_head():
    """Debian's ch2.nii.gz: Colin27, a real T1 head, 181x217x181 at 1 mm."""
    for place in ("/usr/share/mricron/templates/ch2.nii.gz", "/usr/share/data/mricron/templates/ch2.nii.gz"):
        if Path(place).exists():
            return Path(place)
    listed = subprocess.run(["dpkg", "-L", "mricron-data"], capture_output=True, text=True).stdout.split()
    found = [p for p in listed if p.endswith("/ch2.nii.gz")]
    if not found:
        raise Trouble("the package mricron-data with ch2.nii.gz is not installed; tools/setup installs it")
    return Path(found[0])
