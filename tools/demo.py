#!/usr/bin/env python3
"""The main job with real parts: an archive, two visits of a head, Larmor; every step a line with its time.

The archive holds a real head. A year later comes the same head with a loss that is simulated, so that the true figure is known: Larmor
fetches the first visit by itself, and the loss that it finds is printed beside the true one.

  tools/demo.py            stays up until Ctrl-C
  tools/demo.py --once     checks every step, prints one line of JSON, exits 0 or says what failed
"""
import argparse
import hashlib
import json
import shutil
import signal
import sys
import time
from pathlib import Path

from lab import LARMOR, ROOT, Larmor, Orthanc, Trouble, free_ports, http, http_json, larmor, real_head

PATIENT = ["--patient-name", "Colin^Demo", "--patient-id", "DEMO-27", "--birth-date", "19650101", "--sex", "M",
           "--study-description", "MR brain (demonstration)", "--series-description", "T1 3D"]
FIRST, SECOND = ["--study-date", "20251101"], ["--study-date", "20261101"]
ASKED_PERCENT, SEED = "-1.5", "1"
WANTED = {"SEG": "segmentation", "SR": "structured report", "DOC": "PDF", "OT": "summary picture"}
PATIENCE_S = 600
TOLD = {"prior.requested", "prior.arrived", "prior.chosen", "prior.none", "series.complete", "study.complete", "rule.matched", "rule.skipped", "job.queued", "job.started", "results.stored",
        "results.refused", "job.progress", "job.retrying", "job.dead", "export.sent", "export.confirmed", "export.failed"}


class Story:
    """Prints a line per step with the seconds since the start, and remembers the times."""

    def __init__(self):
        self.start, self.times = time.monotonic(), {}

    def tell(self, text, stage=None):
        now = time.monotonic() - self.start
        if stage:
            self.times[stage] = round(now, 3)
        print(f"{now:7.2f} s  {text}", flush=True)


def follow(server, study, story):
    """Tells the study's events as they come, until the results are confirmed in the archive."""
    after = 0
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        server.alive()
        for event in server.events(study, after, wait_s=1):
            after = event["seq"]
            if event["type"] in TOLD:
                story.tell(event["words"], event["type"])
            if event["type"] in ("job.dead", "results.refused"):
                raise Trouble(event["words"])
            if event["type"] == "export.confirmed":
                return
    raise Trouble(f"no results in the archive after {PATIENCE_S} s; `larmor events --study {study}` tells how far it came")


def objects_in(archive, study):
    """Modality -> instances that the archive holds for the study, by asking the archive itself."""
    found = {}
    [entry] = http_json(f"{archive.url}/tools/lookup", study.encode())
    for series in http_json(f"{archive.url}/studies/{entry['ID']}/series"):
        modality = series["MainDicomTags"]["Modality"]
        found[modality] = found.get(modality, 0) + len(series["Instances"])
    return found


def print_volumes(findings):
    volumes = findings["volumes"]
    print("\n          structure                          left ml    right ml")
    rows = {}
    for v in volumes:
        rows.setdefault(v["name"], {})[v["side"] if v.get("side") in ("left", "right") else "both"] = v["ml"]
    for name, sides in rows.items():
        if "both" in sides:
            print(f"          {name:32s} {sides['both']:10.2f}")
        else:
            print(f"          {name:32s} {sides.get('left', 0):10.2f}  {sides.get('right', 0):10.2f}")
    print()


def second_visit(binary):
    """The head with a simulated loss, and the true figures. Kept from run to run: it takes half a minute."""
    key = hashlib.sha256(real_head().read_bytes() + (ROOT / "models/brain/manifest.json").read_bytes() + f"{ASKED_PERCENT} {SEED}".encode()).hexdigest()[:16]
    head = ROOT / f"var/visits/{key}.nii.gz"
    truth = head.with_name(f"{key}.json")
    if not (head.exists() and truth.exists()):
        head.parent.mkdir(parents=True, exist_ok=True)
        larmor("simulate", "atrophy", real_head(), "--brain-change-percent", ASKED_PERCENT, "--seed", SEED, "--out", head, binary=binary)
    return head, json.loads(truth.read_text())


def print_change(findings, truth):
    """The true change beside the one found. What --once prints of it."""
    change = findings.get("change")
    if not change or "refused" in change:
        raise Trouble(f"the two visits were not compared: {(change or {}).get('refused') or findings.get('priors', {}).get('words')}")
    true = {s["name"]: s["percent"] for s in truth["structures"]}
    print("          change since the first visit       true %     found %     error\n"
          "          (the second visit is SIMULATED)")
    for s in change["structures"]:
        print(f"          {s['name']:32s} {true[s['name']]:10.2f}  {s['percent']:10.2f}  {s['error_percent']:8.2f}")
    print(f"          {change['ageing']['words']}\n          {findings['priors']['words']}\n")
    brain = change["structures"][0]
    if abs(brain["percent"] - true["brain"]) > 3 * brain["error_percent"]:
        raise Trouble(f"the brain changed by {true['brain']:.2f} %, Larmor found {brain['percent']:.2f} %, which is more than three of its errors off")
    return {"simulated": True, "true_percent": round(true["brain"], 3), "found_percent": brain["percent"], "error_percent": brain["error_percent"],
            "verdict": change["ageing"]["words"], "prior": findings["priors"]["chosen"]["study"]}


def show(binary, programs):
    """Runs the main job; everything started is added to `programs`. The report that --once prints."""
    story, var = Story(), ROOT / "var/demo"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    http_port, dicom_port = free_ports(2)
    archive = Orthanc(var / "archive", {"larmor": ("LARMOR", dicom_port)})
    programs.append(archive)
    story.tell(f"archive: Orthanc, AE {archive.ae_title}, DICOM port {archive.dicom_port}, {archive.url}", "archive_up")
    server = Larmor(var / "larmor", {"export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": archive.dicom_port,
                                     "export.destinations.archive.called_ae": archive.ae_title},
                    config=ROOT / "examples/laptop/larmor.yaml", binary=binary, ports=(http_port, dicom_port))
    programs.append(server)
    story.tell(f"Larmor: AE LARMOR, DICOM port {dicom_port}; open {server.url} in a browser and watch", "larmor_up")

    made = json.loads(larmor("dicomize", real_head(), "--out", var / "first", *PATIENT, *FIRST, "--json", binary=binary).stdout)
    story.tell(f"first visit: {made['instances']} MR images made of {real_head().name} (Colin27, Debian's mricron-data)")
    head, truth = second_visit(binary)
    simulated = f"the brain of {real_head().name} with a loss of {-truth['pbvc_percent']:.2f} %"
    made = json.loads(larmor("dicomize", head, "--out", var / "second", *PATIENT, *SECOND, "--simulated", simulated, "--json", binary=binary).stdout)
    study = made["study"]
    story.tell(f"second visit, a year later: {made['instances']} MR images, SIMULATED: {simulated}", "dicomized")
    larmor("send", var / "first", var / "second", "--to", f"{archive.ae_title}@127.0.0.1:{archive.dicom_port}", binary=binary)
    story.tell("both visits put into the archive (C-STORE)", "in_archive")
    [entry] = http_json(f"{archive.url}/tools/lookup", study.encode())
    http_json(f"{archive.url}/modalities/larmor/store", {"Resources": [entry["ID"]], "Synchronous": True}, timeout=120)
    story.tell(f"archive sent the second visit, {made['instances']} images, to Larmor (C-STORE)", "last_image")

    follow(server, study, story)
    found = objects_in(archive, study)
    missing = [words for modality, words in WANTED.items() if not found.get(modality)]
    if missing:
        raise Trouble(f"the archive does not hold: {', '.join(missing)}; it holds {found}")
    story.tell("archive holds " + ", ".join(f"{found[m]} {m} ({w})" for m, w in WANTED.items()), "in_archive_again")
    [result, *_] = server.get(f"/v1/studies/{study}/results")["items"]
    page = f"{server.url}/studies/{study}"
    if http(page)[0] != 200:
        raise Trouble(f"the page {page} does not open")
    print_volumes(result["findings"])
    change = print_change(result["findings"], truth)
    print(f"          page     {page}\n          files    {var / 'larmor/results' / result['job']}\n"
          f"          story    larmor events --study {study} --server {server.url}\n")
    return {"ok": True, "study": study, "seconds": story.times, "archive": found, "change": change,
            "last_image_to_result_s": round(story.times["export.confirmed"] - story.times["last_image"], 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--larmor", type=Path, default=LARMOR)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through finally: what was started is ended
    programs = []
    try:
        report = show(arguments.larmor, programs)
        if arguments.once:
            print(json.dumps(report))
        else:
            print("          Ctrl-C ends Larmor and the archive.", flush=True)
            while all(p.alive() for p in programs):
                time.sleep(0.5)
    except KeyboardInterrupt:
        print()
    except Trouble as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        if arguments.once:
            print(json.dumps({"ok": False, "failed": str(trouble)}))
        sys.exit(1)
    finally:
        for program in reversed(programs):
            program.stop()


if __name__ == "__main__":
    main()
