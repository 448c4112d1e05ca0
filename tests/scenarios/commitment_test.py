#!/usr/bin/env python3
"""Who sent objects asks whether they are safe here, and is told (storage commitment, PS3.4 annex J); Orthanc asks."""
from case import Orthanc, Scenario, free_ports, in_both_shapes, main, wait_for
from lab import http_json

MR, CT = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.2"


@in_both_shapes
class Commitment(Scenario):
    def settings(self, port):
        return {"export.destinations.sender.host": "127.0.0.1", "export.destinations.sender.port": port, "export.destinations.sender.called_ae": "SENDER"}

    def larmor(self, port, ports=None):
        return self.start(self.shape(self.folder / "larmor", self.settings(port), ports=ports))

    def sender(self, server, ports):
        return self.start(Orthanc(self.folder / "sender", {"larmor": ("LARMOR", server.dicom_port)}, ae_title="SENDER", ports=ports))

    def instances(self, orthanc, folder):
        """Puts a few images into Orthanc: their identifiers there, and their SOP Instance UIDs."""
        for path in sorted(folder.iterdir())[:3]:
            http_json(f"{orthanc.url}/instances", path.read_bytes())
        return [(i["ID"], i["MainDicomTags"]["SOPInstanceUID"]) for i in http_json(f"{orthanc.url}/instances?expand")]

    def answer(self, orthanc, asked):
        return wait_for("the report", lambda: (r := http_json(orthanc.url + asked["Path"]))["Status"] != "Pending" and r, 30)

    def test_orthanc_hears_that_what_it_sent_is_safe(self):
        ports = free_ports(2)
        server = self.larmor(ports[1])
        orthanc = self.sender(server, ports)
        instances = self.instances(orthanc, self.head()[0])
        sent = http_json(f"{orthanc.url}/modalities/larmor/store", {"Resources": [i for i, _ in instances], "StorageCommitment": True})
        report = self.answer(orthanc, {"Path": f"/storage-commitment/{sent['StorageCommitmentTransactionUID']}"})
        self.assertEqual(report["Status"], "Success", report)
        self.assertEqual({o["SOPInstanceUID"] for o in report["Success"]}, {uid for _, uid in instances})
        [told] = self.wait_for_event(server, "commitment.reported")
        self.assertEqual((told["fields"]["committed"], told["fields"]["failed"]), (3, 0))

    def test_orthanc_hears_what_is_not_here_and_why(self):
        ports = free_ports(2)
        server = self.larmor(ports[1])
        orthanc = self.sender(server, ports)
        instances = self.instances(orthanc, self.head()[0])
        http_json(f"{orthanc.url}/modalities/larmor/store", {"Resources": [i for i, _ in instances]})
        asked = http_json(f"{orthanc.url}/modalities/larmor/storage-commitment", {"DicomInstances": [[MR, instances[0][1]], [CT, instances[1][1]], [MR, "1.2.3.404"]]})
        report = self.answer(orthanc, asked)
        self.assertEqual(report["Status"], "Failure", report)
        self.assertEqual([o["SOPInstanceUID"] for o in report["Success"]], [instances[0][1]])
        self.assertEqual({o["SOPInstanceUID"]: o["FailureReason"] for o in report["Failures"]}, {instances[1][1]: 0x0119, "1.2.3.404": 0x0112})

    def test_a_sender_that_was_away_is_told_after_a_restart_of_larmor(self):
        ports = free_ports(3)
        server = self.larmor(ports[2])  # where nobody listens
        orthanc = self.sender(server, ports[:2])
        instances = self.instances(orthanc, self.head()[0])
        http_json(f"{orthanc.url}/modalities/larmor/store", {"Resources": [i for i, _ in instances]})
        asked = http_json(f"{orthanc.url}/modalities/larmor/storage-commitment", {"Resources": [i for i, _ in instances]})
        self.wait_for_event(server, "commitment.requested")
        self.wait_for_event(server, "association.closed", count=2)
        server.kill()
        self.assertEqual(http_json(orthanc.url + asked["Path"])["Status"], "Pending")
        server = self.larmor(ports[1], (server.http_port, server.dicom_port))
        self.assertEqual(self.answer(orthanc, asked)["Status"], "Success")
        self.assertEqual(len(self.wait_for_event(server, "commitment.reported")), 1)

    def test_a_sender_whose_address_nobody_knows_is_named_in_the_log(self):
        ports = free_ports(2)
        server = self.start(self.shape(self.folder / "larmor"))
        orthanc = self.sender(server, ports)
        instances = self.instances(orthanc, self.head()[0])
        http_json(f"{orthanc.url}/modalities/larmor/storage-commitment", {"Resources": [instances[0][0]]})
        [failed] = self.wait_for_event(server, "commitment.failed")
        self.assertIn("export.destinations", failed["fields"]["error"])
        self.assertEqual(failed["fields"]["calling"], "SENDER")


if __name__ == "__main__":
    main()
