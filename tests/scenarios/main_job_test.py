#!/usr/bin/env python3
"""The main job, end to end, in both shapes: one process, and six with mutual TLS."""
import json
import subprocess
import sys

from case import ROOT, RULES, Larmor, LarmorApart, Orthanc, Scenario, larmor, main, store, tool, wait_for
from lab import free_ports

WANTED = {"SEG", "SR", "DOC", "OT"}


class MainJob(Scenario):
    def archive_for(self, dicom_port):
        return self.start(Orthanc(self.folder / "archive", {"larmor": ("LARMOR", dicom_port)}))

    def settings_for(self, archive):
        return {"export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": archive.dicom_port,
                "export.destinations.archive.called_ae": "ARCHIVE", "import.quiet_period_s": 1}

    def check_findings_come_back(self, server, archive):
        head, study = self.head(patient_name="Doe^Jane")
        store(server.dicom_port, head)
        self.wait_for_event(server, "export.confirmed", study, 240)
        found = tool("findscu", "-S", "-aec", "ARCHIVE", "-k", "QueryRetrieveLevel=SERIES", "-k", f"StudyInstanceUID={study}", "-k", "Modality",
                     "127.0.0.1", archive.dicom_port)
        listed = {m for m in WANTED if f"[{m}" in found.stdout + found.stderr}
        self.assertEqual(listed, WANTED)

    def test_one_process_brings_the_findings_back(self):
        ports = free_ports(2)
        archive = self.archive_for(ports[1])
        server = self.start(Larmor(self.folder / "larmor", self.settings_for(archive), config=self.rules, ports=ports))
        self.check_findings_come_back(server, archive)

    def test_six_processes_with_mutual_tls_bring_the_findings_back(self):
        ports = free_ports(2)
        archive = self.archive_for(ports[1])
        server = self.start(LarmorApart(self.folder / "larmor", self.settings_for(archive), config=self.rules, ports=ports))
        self.check_findings_come_back(server, archive)

    def test_the_demonstration_ends_with_one_line_of_json_and_status_zero(self):
        done = subprocess.run([sys.executable, ROOT / "tools/demo.py", "--once"], capture_output=True, text=True, timeout=400)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        report = json.loads(done.stdout.splitlines()[-1])
        self.assertTrue(report["ok"])
        self.assertLessEqual(WANTED, set(report["archive"]))


if __name__ == "__main__":
    main()
