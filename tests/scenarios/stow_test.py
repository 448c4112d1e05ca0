#!/usr/bin/env python3
"""Objects come in over STOW-RS: each is kept, or refused by itself, and what was acknowledged comes back as it was."""
import json
import socket
import urllib.error
import urllib.request
import xml.etree.ElementTree
from pathlib import Path

from case import Orthanc, Scenario, in_both_shapes, main, store, wait_for
from lab import http, http_json

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
BOUNDARY = "larmor-test"
DICOM = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


def part(content, kind="application/dicom", location=""):
    where = f"Content-Location: {location}\r\n" if location else ""
    return f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n{where}\r\n".encode() + content + b"\r\n"


def body(*parts):
    return b"".join(p if p.startswith(b"--") else part(p) for p in parts) + f"--{BOUNDARY}--\r\n".encode()


def post(server, content, study="", content_type=DICOM, accept="application/dicom+json"):
    request = urllib.request.Request(f"{server.url}/dicom-web/studies{study}", content, {"Content-Type": content_type, "Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def items(module, tag):
    return module.get(tag, {}).get("Value", [])


def one(item, tag):
    return item[tag]["Value"][0]


@in_both_shapes
class Stow(Scenario):
    def server(self):
        return self.start(self.shape(self.folder / "larmor", {"import.quiet_period_s": 1}))

    def slices(self, count):
        head, study = self.head()
        return [path.read_bytes() for path in sorted(head.rglob("*.dcm"))[:count]], study

    def test_the_corpus_goes_in_and_comes_back_bit_for_bit(self):
        files = [path.read_bytes() for path in sorted(self.corpus("").rglob("*")) if path.is_file()]
        server = self.server()
        status, _, answer = post(server, body(*files))
        module = json.loads(answer)
        kept = items(module, "00081199")
        self.assertIn(status, (200, 202))
        self.assertEqual(len(kept) + len(items(module, "00081198")) + len(items(module, "0008119A")), len(files))
        for item in kept:
            with urllib.request.urlopen(urllib.request.Request(one(item, "00081190"), headers={"Accept": "application/dicom"})) as reply:
                self.assertIn(reply.read(), files)
        instances = http_json(f"{server.url}/v1/storage")["instances"]
        for file in files:  # an upload of the same brings nothing more: what STOW-RS refused, it refuses too
            http(f"{server.url}/v1/uploads", file, "POST", content_type="application/octet-stream")
        self.assertEqual(http_json(f"{server.url}/v1/storage")["instances"], instances)

    def test_a_study_is_complete_when_its_body_has_ended(self):
        server = self.server()
        files, study = self.slices(30)
        status, _, answer = post(server, body(*files), f"/{study}")
        self.assertEqual(status, 200, answer)
        module = json.loads(answer)
        self.assertEqual(len(items(module, "00081199")), 30)
        self.assertEqual(one(module, "00081190"), f"{server.url}/dicom-web/studies/{study}")
        [complete] = self.wait_for_event(server, "study.complete", study)
        self.assertEqual(complete["fields"]["instances"], 30)
        self.assertEqual(post(server, body(*files))[0], 200, "the same again is no failure")
        self.assertEqual(http_json(f"{server.url}/v1/storage")["instances"], 30)

    def test_each_part_is_answered_for(self):
        server = self.server()
        files, study = self.slices(3)
        mixed = body(files[0], b"no object", part(files[1], "image/jpeg"), files[2])
        status, headers, answer = post(server, mixed, f"/{study}")
        module = json.loads(answer)
        self.assertEqual(status, 202)
        self.assertEqual((len(items(module, "00081199")), len(items(module, "0008119A"))), (2, 2))
        self.assertEqual({one(i, "00081197") for i in items(module, "0008119A")}, {0xC000})
        self.assertIn("part 3", headers["warning"])
        status, headers, answer = post(server, body(files[1]), "/1.2.3")
        self.assertEqual(status, 409)
        [failed] = items(json.loads(answer), "00081198")
        self.assertEqual(one(failed, "00081197"), 0xA900)
        self.assertIn(study, headers["warning"])
        status, headers, answer = post(server, mixed, accept="application/dicom+xml")
        self.assertEqual((status, headers["content-type"]), (202, "application/dicom+xml"))
        tags = [e.get("tag") for e in xml.etree.ElementTree.fromstring(answer)]
        self.assertEqual(tags, ["00081190", "00081199", "0008119A"])

    def test_what_is_no_such_body_is_said(self):
        server = self.server()
        files, _ = self.slices(1)
        for content, kind, accept, expected in (
                (files[0], "application/dicom", "*/*", 415), (body(files[0]), DICOM.replace("application/dicom", "image/jpeg"), "*/*", 415),
                (body(files[0]), 'multipart/related; type="application/dicom"', "*/*", 400), (b"", DICOM, "*/*", 400), (b"no boundary", DICOM, "*/*", 400),
                (body(), DICOM, "*/*", 400), (body(files[0]), DICOM, "text/html", 406), (body(files[0])[:-200], DICOM, "*/*", 409)):
            with self.subTest(kind=kind, accept=accept, size=len(content)):
                status, _, answer = post(server, content, content_type=kind, accept=accept)
                self.assertEqual(status, expected, answer)
        self.assertEqual(http_json(f"{server.url}/v1/storage")["instances"], 0)

    def test_a_sender_that_goes_away_in_the_middle_loses_nothing_that_was_whole(self):
        server = self.server()
        files, _ = self.slices(10)
        content = body(*files)
        with socket.create_connection(("127.0.0.1", server.http_port)) as sender:
            sender.sendall(f"POST /dicom-web/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {DICOM}\r\nContent-Length: {len(content)}\r\n\r\n".encode())
            sender.sendall(content[:len(content) // 2])
        [closed] = self.wait_for_event(server, "association.closed")
        kept = closed["fields"]["objects"]  # how many depends on what the network had delivered
        self.assertLessEqual(kept, 5)
        self.assertEqual(closed["fields"]["refused"], 1)
        self.assertEqual(http_json(f"{server.url}/v1/storage")["instances"], kept)
        self.assertEqual(post(server, content)[0], 200)

    def test_ten_thousand_parts_are_answered_for(self):
        server = self.server()
        [file], _ = self.slices(1)
        status, _, answer = post(server, body(*[b"rubbish"] * 9_999, file))
        module = json.loads(answer)
        self.assertEqual((status, len(items(module, "0008119A")), len(items(module, "00081199"))), (202, 9_999, 1))

    def test_orthanc_sends_asks_and_retrieves(self):
        if not PLUGIN.exists():
            self.skipTest("Orthanc's DICOMweb plugin is not installed (tools/packages.txt)")
        server = self.server()
        orthanc = self.start(Orthanc(self.folder / "orthanc", {}, settings={
            "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Servers": {"larmor": {"Url": f"{server.url}/dicom-web/"}}}}))
        head, study = self.head()
        store(orthanc.dicom_port, *sorted(head.rglob("*.dcm"))[:20], ae="ARCHIVE")
        [kept] = wait_for("Orthanc's study", lambda: http_json(f"{orthanc.url}/studies"))
        client = f"{orthanc.url}/dicom-web/servers/larmor"
        http_json(f"{client}/stow", {"Resources": [kept]}, timeout=120)
        self.assertEqual(server.get(f"/v1/studies/{study}")["instances"], 20)
        files = {http(f"{orthanc.url}/instances/{i}/file")[1] for i in http_json(f"{orthanc.url}/instances")}
        found = http_json(f"{client}/qido", {"Uri": "/studies", "Arguments": {"StudyInstanceUID": study}})
        self.assertEqual(len(found), 1, found)
        http(f"{orthanc.url}/studies/{kept}", method="DELETE")
        self.assertEqual(http_json(f"{orthanc.url}/instances"), [])
        http_json(f"{client}/retrieve", {"Resources": [{"Study": study}]}, timeout=120)
        self.assertEqual({http(f"{orthanc.url}/instances/{i}/file")[1] for i in http_json(f"{orthanc.url}/instances")}, files)


if __name__ == "__main__":
    main()
