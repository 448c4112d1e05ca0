#!/usr/bin/env python3
"""The feed of changes tells what Orthanc's /changes tells of the same studies, and goes on where a program left off."""
import http.client as connections
import json

from case import Orthanc, Scenario, in_both_shapes, main
from lab import http, http_json, wait_for

UID_OF = {"Instance": "SOPInstanceUID", "Series": "SeriesInstanceUID", "Study": "StudyInstanceUID"}


def followed(url, since=0, limit=100):
    """Every change behind `since`, as a program of Orthanc's reads them: until Done, each time from Last."""
    found = []
    while True:
        page = http_json(f"{url}/changes?since={since}&limit={limit}")
        found += page["Changes"]
        since = page["Last"]
        if page["Done"]:
            return found, since


def stays(url):
    """Changes once no more come for two looks."""
    before = None

    def settled():
        nonlocal before
        now = followed(url)[0]
        same, before = now == before and any(c["ChangeType"] == "StableStudy" for c in now), now
        return now if same else None
    return wait_for("the changes to end", settled, 60, 1.0)


@in_both_shapes
class Changes(Scenario):
    def send(self, url, address, files):
        for file in files:
            http(f"{url}/{address}", file.read_bytes(), "POST", content_type="application/octet-stream")

    def named(self, orthanc, change):
        """Orthanc's hash as the UID that Larmor names the same with."""
        if change["ResourceType"] == "Patient":
            return None
        return http_json(orthanc.url + change["Path"])["MainDicomTags"][UID_OF[change["ResourceType"]]]

    def test_the_same_studies_make_the_same_changes_in_the_same_order_as_in_orthanc(self):
        files = [p for name in ("pydicom-charsets", "dcmqi") for p in sorted(self.corpus(name).rglob("*")) if p.is_file()][:120]
        larmor = self.start(self.shape(self.folder / "larmor", {"import.quiet_period_s": 1}))
        orthanc = self.start(Orthanc(self.folder / "orthanc", {}, settings={"StableAge": 1, "OverwriteInstances": False}))
        self.send(larmor.url, "v1/uploads", files)
        self.send(orthanc.url, "instances", files)
        theirs, ours = stays(orthanc.url), stays(larmor.url)
        new = [(c["ChangeType"], c["ResourceType"], self.named(orthanc, c)) for c in theirs if c["ChangeType"].startswith("New")]
        said = [(c["ChangeType"], c["ResourceType"], c["ID"] if c["ResourceType"] != "Patient" else None) for c in ours if c["ChangeType"].startswith("New")]
        self.assertGreater(sum(kind == "NewPatient" for kind, _, _ in new), 2)
        self.assertGreater(sum(kind == "NewSeries" for kind, _, _ in new), sum(kind == "NewStudy" for kind, _, _ in new))
        self.assertEqual(said, new)
        for kind in ("StableSeries", "StableStudy"):  # whose order is that of the clocks
            self.assertEqual(sorted(c["ID"] for c in ours if c["ChangeType"] == kind), sorted(self.named(orthanc, c) for c in theirs if c["ChangeType"] == kind), kind)
        self.assertEqual(set(ours[0]), set(theirs[0]))
        self.assertEqual({type(v) for v in ours[0].values()}, {type(v) for v in theirs[0].values()})
        self.assertRegex(ours[0]["Date"], r"^\d{8}T\d{6}$")
        for change in ours:
            self.assertEqual(http(larmor.url + change["Path"])[0], 200, change)
        for query, change in (("last", -1), ("limit=1", 0)):
            answers = [http_json(f"{server.url}/changes?{query}") for server in (larmor, orthanc)]
            self.assertEqual([(a["Done"], a["Last"]) for a in answers], [(query == "last", told[change]["Seq"]) for told in (ours, theirs)], query)
        for limit in (1, 7, 1000):
            self.assertEqual(followed(larmor.url, limit=limit)[0], ours, f"pages of {limit}")

    def test_a_program_goes_on_after_a_restart_and_misses_and_repeats_nothing(self):
        folder = self.folder / "larmor"
        first, second = (sorted(self.head(patient_id=name)[0].rglob("*.dcm"))[:20] for name in ("A", "B"))
        server = self.shape(folder, {"import.quiet_period_s": 1})
        try:
            self.send(server.url, "v1/uploads", first)
            self.send(server.url, "v1/uploads", first[:3])  # again: nothing changes
            seen = stays(server.url)
            since = seen[-1]["Seq"]
        finally:
            server.kill()
        server = self.start(self.shape(folder, {"import.quiet_period_s": 1}))
        self.assertEqual(followed(server.url)[0], seen, "the past is as it was")
        self.send(server.url, "v1/uploads", second)
        wait_for("the second study", lambda: [c for c in followed(server.url, since)[0] if c["ChangeType"] == "StableStudy"], 30, 0.2)
        more, _ = followed(server.url, since, limit=3)
        self.assertEqual([c["ChangeType"] for c in more[:4]], ["NewInstance", "NewSeries", "NewStudy", "NewPatient"])
        self.assertEqual(sum(c["ChangeType"] == "NewInstance" for c in more), 20)
        self.assertEqual(followed(server.url)[0], seen + more)

    def test_a_program_hears_of_changes_as_they_happen(self):
        server = self.start(self.shape(self.folder / "larmor", {"import.quiet_period_s": 1}))
        head, study = self.head()
        line = connections.HTTPConnection("127.0.0.1", server.http_port, timeout=30)
        self.addCleanup(line.close)
        line.request("GET", "/v1/changes/stream?type=NewStudy&type=StableStudy")
        answer = line.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.send(server.url, "v1/uploads", sorted(head.rglob("*.dcm"))[:5])
        heard = []
        while len(heard) < 2:
            text = answer.readline().decode()
            self.assertTrue(text, "the stream ended")
            if text.startswith("data: "):
                heard.append(json.loads(text[6:]))
        self.assertEqual([(c["type"], c["uid"]) for c in heard], [("NewStudy", study), ("StableStudy", study)])


if __name__ == "__main__":
    main()
