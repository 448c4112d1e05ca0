#!/usr/bin/env python3
"""The main job, end to end, in both shapes: one process, and six with mutual TLS."""
import json
import subprocess
import sys
import unittest

from case import ROOT, Orthanc, Scenario, free_ports, in_both_shapes, main, store, tool

WANTED = {"SEG", "SR", "DOC", "OT"}


@in_both_shapes
class MainJob(Scenario):
    def test_the_findings_come_back(self):
        ports = free_ports(2)
        archive = self.start(Orthanc(self.folder / "archive", {"larmor": ("LARMOR", ports[1])}))
        settings = {"export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": archive.dicom_port,
                    "export.destinations.archive.called_ae": "ARCHIVE", "import.quiet_period_s": 1}
        server = self.start(self.shape(self.folder / "larmor", settings, config=self.rules, ports=ports))
        head, study = self.head(patient_name="Doe^Jane")
        store(server.dicom_port, head)
        self.wait_for_event(server, "export.confirmed", study, 240)
        found = tool("findscu", "-S", "-aec", "ARCHIVE", "-k", "QueryRetrieveLevel=SERIES", "-k", f"StudyInstanceUID={study}", "-k", "Modality",
                     "127.0.0.1", archive.dicom_port)
        listed = {m for m in WANTED if f"[{m}" in found.stdout + found.stderr}
        self.assertEqual(listed, WANTED)


class Demonstration(unittest.TestCase):
    def test_it_ends_with_one_line_of_json_and_status_zero(self):
        done = subprocess.run([sys.executable, ROOT / "tools/demo.py", "--once"], capture_output=True, text=True, timeout=400)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        report = json.loads(done.stdout.splitlines()[-1])
        self.assertTrue(report["ok"])
        self.assertLessEqual(WANTED, set(report["archive"]))


if __name__ == "__main__":
    main()
