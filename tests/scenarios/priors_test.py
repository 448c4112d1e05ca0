#!/usr/bin/env python3
"""An earlier scan of the patient: fetched from a real archive and compared with, or left alone, and what is told either way."""
import urllib.request

from case import Orthanc, Scenario, dicomized, free_ports, in_both_shapes, larmor, main, store, tool

RULES = """
rules:
  - name: brain-t1
    when: study.complete
    if:
      any_series: {Modality: MR, instances: ">= 20"}
    do:
      - analyse: brain
        priors_from: [archive]
"""
JANE = {"patient_name": "Doe^Jane", "patient_id": "4711", "birth_date": "19500203", "sex": "F"}
STRANGER = {**JANE, "birth_date": "19710203"}


class WithAnArchive(Scenario):
    """Larmor that asks an archive, and the archive."""

    def setUp(self):
        super().setUp()
        self.rules.write_text(RULES)
        self.ports = free_ports(2)
        self.archive_ports = free_ports(2)

    def archive_holds(self, *visits):
        """Starts the archive with studies made of the real head; their UIDs."""
        self.start(Orthanc(self.folder / "archive", {"larmor": ("LARMOR", self.ports[1])}, ports=self.archive_ports))
        studies = []
        for i, visit in enumerate(visits):
            folder, study = dicomized(self.folder / f"visit{i}", **visit)
            larmor("send", folder, "--to", f"ARCHIVE@127.0.0.1:{self.archive_ports[1]}")
            studies.append(study)
        return studies

    def server(self, **more):
        settings = {"export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": self.archive_ports[1],
                    "export.destinations.archive.called_ae": "ARCHIVE", "import.quiet_period_s": 1, **more}
        return self.start(self.shape(self.folder / "larmor", settings, config=self.rules, ports=self.ports))

    def analysed(self, server, **visit):
        """Sends a visit; its study and the findings."""
        head, study = self.head(**visit)
        store(self.ports[1], head)
        self.wait_for_event(server, "results.stored", study, 400)
        [result] = server.get(f"/v1/studies/{study}/results")["items"]
        return study, result["findings"]

    def report(self, server, study):
        """The structured report as DCMTK reads it."""
        [series] = [s for s in server.get(f"/v1/studies/{study}/series")["items"] if s["modality"] == "SR"]
        with urllib.request.urlopen(f"{server.url}/v1/instances/{series['first']}/file") as answer:
            (self.folder / "sr.dcm").write_bytes(answer.read())
        return tool("dsrdump", "+Pl", self.folder / "sr.dcm").stdout


@in_both_shapes
class AnEarlierScan(WithAnArchive):
    def test_is_fetched_compared_with_and_not_analysed_by_itself(self):
        earlier, stranger = self.archive_holds({**JANE, "study_date": "20250301"}, {**STRANGER, "study_date": "20250901"})
        server = self.server()
        study, findings = self.analysed(server, **JANE, study_date="20261101")
        priors = findings["priors"]
        self.assertEqual((priors["chosen"]["study"], priors["chosen"]["where"]), (earlier, "archive"))
        self.assertEqual([(c["study"], c["why_not"]) for c in priors["considered"]], [(stranger, "has another birth date")])
        self.assertLess(abs(findings["change"]["pbvc_percent"]), 0.1)  # it is the same head
        self.assertAlmostEqual(findings["change"]["interval_years"], 1.67, delta=0.01)
        report = self.report(server, study)
        self.assertIn("Compared with", report)
        self.assertIn("has another birth date", report)
        self.assertEqual(server.get(f"/v1/studies/{earlier}")["instances"], 181)
        told = [e["type"] for e in server.events(earlier)]
        self.assertIn("prior.arrived", told)
        for kind in ("study.complete", "rule.matched", "job.queued"):
            self.assertNotIn(kind, told)

    def test_that_was_fetched_is_analysed_when_somebody_sends_it(self):
        [earlier] = self.archive_holds({**JANE, "study_date": "20250301"})
        server = self.server()
        self.analysed(server, **JANE, study_date="20261101")
        self.assertEqual(server.events(earlier, types=["study.complete"]), [])
        store(self.ports[1], self.folder / "visit0")
        self.wait_for_event(server, "results.stored", earlier, 400)


class NoEarlierScan(WithAnArchive):
    def test_of_the_same_person_is_said_with_the_reason(self):
        self.archive_holds({**STRANGER, "study_date": "20250901"})
        server = self.server()
        study, findings = self.analysed(server, **JANE, study_date="20261101")
        self.assertNotIn("change", findings)
        self.assertEqual(findings["priors"]["words"], "No comparison: the study 14 months earlier has another birth date")
        self.assertIn(findings["priors"]["words"], self.report(server, study))
        [event] = server.events(study, types=["prior.none"])
        self.assertEqual(event["words"], findings["priors"]["words"])

    def test_because_the_archive_is_down_holds_nothing_up(self):
        server = self.server()
        study, findings = self.analysed(server, **JANE, study_date="20261101")
        self.assertNotIn("change", findings)
        self.assertIn("No comparison: cannot query ARCHIVE", findings["priors"]["words"])
        self.assertIn("No comparison: cannot query ARCHIVE", self.report(server, study))


if __name__ == "__main__":
    main()
