#!/usr/bin/env python3
"""What goes wrong in a hospital at night, and what is there in the morning."""
import os
import shutil
import time

from case import Orthanc, Scenario, free_ports, in_both_shapes, larmor, main, store, tool, wait_for


@in_both_shapes
class Recovery(Scenario):
    def settings(self, archive_port):
        return {"export.destinations.archive.host": "127.0.0.1", "export.destinations.archive.port": archive_port, "export.destinations.archive.called_ae": "ARCHIVE",
                "import.quiet_period_s": 1, "dispatch.lease_s": 3, "dispatch.backoff_base_s": 0.5, "dispatch.backoff_cap_s": 2, "export.breaker_cool_s": 1}

    def larmor(self, archive_port, ports=None):
        return self.start(self.shape(self.folder / "larmor", self.settings(archive_port), config=self.rules, ports=ports))

    def archive(self, ports=None):
        return self.start(Orthanc(self.folder / "archive", {}, ports=ports))

    def results_in(self, archive):
        """Series by modality, as the archive counts them."""
        found = {}
        for series in archive_get(archive, "/series?expand"):
            modality = series["MainDicomTags"]["Modality"]
            found[modality] = found.get(modality, 0) + len(series["Instances"])
        return found

    def test_work_in_progress_is_recovered_after_kill_and_sent_once(self):
        archive = self.archive()
        server = self.larmor(archive.dicom_port)
        head, study = self.head()
        store(server.dicom_port, head)
        self.wait_for_event(server, "job.started", study, 60)
        time.sleep(1)
        server.kill()
        server = self.larmor(archive.dicom_port, (server.http_port, server.dicom_port))
        self.wait_for_event(server, "export.confirmed", study, 240)
        [result] = server.get(f"/v1/studies/{study}/results")["items"]
        self.assertEqual(sum(self.results_in(archive).values()), len(result["instances"]))

    def test_a_destination_that_was_down_gets_everything_once_it_is_back(self):
        ports = free_ports(2)
        server = self.larmor(ports[1])
        head, study = self.head()
        store(server.dicom_port, head)
        self.wait_for_event(server, "job.retrying", study, 240)
        archive = self.archive(ports)
        self.wait_for_event(server, "export.confirmed", study, 60)
        self.assertEqual(self.results_in(archive).get("SEG"), 1)

    def test_a_series_that_keeps_arriving_is_analysed_again_and_the_old_result_superseded(self):
        archive = self.archive()
        server = self.larmor(archive.dicom_port)
        head, study = self.head()
        files = sorted(head.iterdir())
        store(server.dicom_port, *files[:150])
        self.wait_for_event(server, "results.stored", study, 240)
        store(server.dicom_port, *files[150:])
        complete = self.wait_for_event(server, "study.complete", study, 60, count=2)
        self.assertEqual([e["fields"]["generation"] for e in complete], [1, 2])
        self.wait_for_event(server, "results.stored", study, 240, count=2)
        results = server.get(f"/v1/studies/{study}/results")["items"]
        self.assertEqual(sorted((r["generation"], r["superseded"]) for r in results), [(1, True), (2, False)])

    def test_a_full_disk_refuses_loses_nothing_and_works_again_when_there_is_room(self):
        if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
            self.skipTest("a small disk needs root and mkfs.ext4")
        image, disk = self.folder / "disk.img", self.folder / "disk"
        disk.mkdir()
        tool("truncate", "-s", "160M", image)
        tool("mkfs.ext4", "-q", image)
        if tool("mount", "-o", "loop", image, disk, check=False).returncode != 0:
            self.skipTest("no loop device here")
        self.addCleanup(tool, "umount", "-l", disk, check=False)
        filler = disk / "filler"
        tool("fallocate", "-l", "60M", filler)
        server = self.start(self.shape(disk / "larmor", {"storage.kept_free": "20M", "import.quiet_period_s": 1}))
        refused, sent = False, 0
        for i in range(12):
            folder = self.folder / f"series{i}"
            larmor("dicomize", "/usr/share/mricron/templates/ch2.nii.gz", "--out", folder, "--seed", i)
            done = tool("storescu", "-v", "-aec", "LARMOR", "+sd", "127.0.0.1", server.dicom_port, folder, check=False)
            words = done.stdout + done.stderr
            sent += words.count("Received Store Response (Success)")
            if "Refused: OutOfResources" in words:
                refused = True
                break
        self.assertTrue(refused)
        wait_for("every acknowledged object in the index", lambda: server.get("/v1/storage")["instances"] == sent, 20)
        filler.unlink()
        wait_for("room again", lambda: tool("storescu", "-aec", "LARMOR", "-R", "127.0.0.1", server.dicom_port, next(folder.iterdir()), check=False).returncode == 0, 30, 0.5)
        server.stop()
        self.assertEqual(larmor("storage", "verify", "--set", f"data.directory={server.data}", check=False).returncode, 0)


def archive_get(archive, path):
    from lab import http_json
    return http_json(archive.url + path)


if __name__ == "__main__":
    main()
