#!/usr/bin/env python3
"""What bad input gets: a clear word, and nothing that was acknowledged is lost."""
import array
import gzip
import json
import resource
import shutil
import socket
import struct
import subprocess
import time

from case import LARMOR, Scenario, dicomized, in_both_shapes, larmor, main, real_head, store, tool, wait_for


def associate_request(called="LARMOR", calling="HANGER"):
    """A-ASSOCIATE-RQ (PS3.8, 9.3.2) for MR Image Storage in Explicit VR Little Endian."""
    def item(kind, body):
        return struct.pack(">BBH", kind, 0, len(body)) + body
    syntax = item(0x30, b"1.2.840.10008.5.1.4.1.1.4") + item(0x40, b"1.2.840.10008.1.2.1")
    user = item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3.4")
    body = (struct.pack(">HH", 1, 0) + called.ljust(16).encode() + calling.ljust(16).encode() + bytes(32) + item(0x10, b"1.2.840.10008.3.1.1.1") +
            item(0x20, struct.pack(">BBBB", 1, 0, 0, 0) + syntax) + item(0x50, user))
    return struct.pack(">BBI", 1, 0, len(body)) + body


@in_both_shapes
class BadInput(Scenario):
    def server(self, ports=None, **settings):
        chosen = {"import.quiet_period_s": 1, **{k.replace("__", "."): v for k, v in settings.items()}}
        return self.start(self.shape(self.folder / "larmor", chosen, ports=ports))

    def held(self, server):
        return server.get("/v1/storage")["instances"]

    def test_a_study_is_not_complete_while_its_sender_holds_an_association_open(self):
        server = self.server()
        head, study = self.head()
        with socket.create_connection(("127.0.0.1", server.dicom_port)) as hanging:
            hanging.sendall(associate_request(calling="SCANNER"))
            self.assertEqual(hanging.recv(1), b"\x02")
            store(server.dicom_port, head)
            time.sleep(4)
            self.assertEqual(server.events(study, types=["study.complete"]), [])
        [complete] = self.wait_for_event(server, "study.complete", study, 30)
        self.assertEqual(complete["fields"]["instances"], 181)

    def test_a_wrong_called_title_is_refused_and_named(self):
        server = self.server()
        head, _ = self.head()
        done = store(server.dicom_port, head / "0001.dcm", ae="NOBODY", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Called AE Title Not Recognized", done.stdout + done.stderr)
        self.assertEqual(self.held(server), 0)

    def test_a_sender_that_dies_in_mid_object_leaves_nothing_half(self):
        server = self.server()
        head, study = self.head()
        sender = subprocess.Popen(["storescu", "-aec", "LARMOR", "+sd", "-R", "127.0.0.1", str(server.dicom_port), str(head)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("some objects", lambda: self.held(server) > 5)
        sender.kill()
        sender.wait()
        self.wait_for_event(server, "association.closed", patience_s=30)
        server.stop()
        self.assertEqual(larmor("storage", "verify", "--set", f"data.directory={server.data}").returncode, 0)

    def test_two_senders_with_the_same_object_at_once_store_it_once(self):
        server = self.server()
        head, study = self.head()
        senders = [subprocess.Popen(["storescu", "-aec", "LARMOR", "-aet", f"S{i}", "+sd", "127.0.0.1", str(server.dicom_port), str(head)]) for i in range(4)]
        self.assertEqual([s.wait(120) for s in senders], [0, 0, 0, 0])
        self.wait_for_event(server, "study.complete", study, 60)
        self.assertEqual(self.held(server), 181)

    def test_another_content_under_the_same_uid_never_replaces_the_first(self):
        server = self.server()
        head, study = self.head()
        first = head / "0001.dcm"
        store(server.dicom_port, first)
        other = self.folder / "other.dcm"
        shutil.copy(first, other)
        tool("dcmodify", "-nb", "-m", "ImageComments=changed", "-i", "ImageComments=changed", other)
        store(server.dicom_port, other)
        [event] = self.wait_for_event(server, "instance.conflict", study, 30)
        tool("curl", "-sf", "-o", self.folder / "back.dcm", f"{server.url}/v1/instances/{event['fields']['instance']}/file")
        self.assertNotIn("changed", tool("dcmdump", self.folder / "back.dcm").stdout)

    def test_an_association_that_hangs_is_closed_and_others_go_on(self):
        server = self.server(import__patience_s=2)
        head, study = self.head()
        with socket.create_connection(("127.0.0.1", server.dicom_port)) as hanging:
            hanging.sendall(associate_request())
            store(server.dicom_port, head)
            self.wait_for_event(server, "study.complete", study, 30)
            ends = [e["fields"]["end"] for e in wait_for("the end of the hanging one", lambda: [e for e in server.events(types=["association.closed"]) if e["fields"]["calling"] == "HANGER"], 30)]
        self.assertEqual(ends, ["timed_out"])

    def test_every_file_of_the_corpus_is_taken_or_refused_with_a_word_and_the_server_lives(self):
        server = self.server()
        for name in ("pydicom-data", "vendors", "pydicom-charsets"):
            done = larmor("send", self.corpus(name), "--to", f"LARMOR@127.0.0.1:{server.dicom_port}", "--json", check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            for line in done.stderr.splitlines():
                self.assertRegex(line, r"^(skipped|refused) \S+: \S+")
        server.alive()
        self.assertGreater(self.held(server), 20)

    def test_a_restart_in_mid_arrival_still_completes_the_study(self):
        server = self.server()
        head, study = self.head()
        store(server.dicom_port, head)
        server.kill()
        server = self.server(ports=(server.http_port, server.dicom_port))
        [complete] = self.wait_for_event(server, "study.complete", study, 30)
        self.assertEqual(complete["fields"]["instances"], 181)


HEADER = 352
MEMORY = 1 << 30   # bytes of address space: enough for the program, too little for any of the images that are claimed


class BadScans(Scenario):
    """What no server is needed for: the same pipeline on the command line."""

    def written(self, name, header, data=b""):
        path = self.folder / name
        path.write_bytes(bytes(header) + data)
        return path

    def head_file(self):
        """Header and voxels (one byte each) of the real head."""
        raw = gzip.decompress(real_head().read_bytes())
        return bytearray(raw[:HEADER]), raw[HEADER:]

    def as_floats(self, name, change):
        """The real head with every voxel changed, as NIfTI of floats."""
        header, voxels = self.head_file()
        struct.pack_into("<hh", header, 70, 16, 32)
        table = [change(v) for v in range(256)]
        return self.written(name, header, array.array("f", (table[v] for v in voxels)).tobytes())

    def analyse(self, image, *options, limit=None):
        command = [LARMOR, "analyse", "brain", image, "--out", self.folder / "out", "--json", *options]
        return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=300,
                              preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))))

    def refused(self, image, *words, **options):
        done = self.analyse(image, **options)
        self.assertIn(done.returncode, (1, 2), done.stdout[-500:] + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertFalse((self.folder / "out/volumes.csv").exists())

    def found(self, image, *options):
        done = self.analyse(image, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        findings = json.loads(done.stdout)["findings"]
        return findings, {flag["code"]: flag for flag in findings["flags"]}

    def test_a_header_that_claims_an_enormous_matrix_is_refused_before_memory_is_taken(self):
        header, _ = self.head_file()
        struct.pack_into("<3h", header, 42, 30000, 30000, 30000)
        self.refused(self.written("huge.nii", header, bytes(1000)), "30000 x 30000 x 30000 voxels; at most", limit=MEMORY)

    def test_dicom_images_that_claim_an_enormous_matrix_are_refused_before_memory_is_taken(self):
        head, _ = dicomized(self.folder / "head")
        tool("dcmodify", "-q", "-nb", "-m", "Rows=60000", "-m", "Columns=60000", *sorted(head.glob("*.dcm")))
        self.refused(head, "it has more than 268435456 voxels", limit=MEMORY)

    def test_a_voxel_that_is_no_number_is_named(self):
        self.refused(self.as_floats("nan.nii", lambda v: float("nan") if v == 254 else float(v)), "is nan, which is no intensity")

    def test_values_below_zero_are_counted(self):
        findings, flags = self.found(self.as_floats("negative.nii", lambda v: float(v - 15)))
        self.assertGreater(flags["negative_values"]["value"], 30)
        self.assertEqual(flags["negative_values"]["severity"], "doubtful")
        self.assertTrue(findings["doubtful"])

    def test_an_image_whose_cortex_is_the_brighter_tissue_is_no_t1(self):
        self.refused(self.as_floats("t2.nii", lambda v: float(max(190 - v, 5) if v > 20 else v)), "not a T1-weighted image", "% brighter than white matter")

    def test_a_study_with_t2_alone_is_refused_by_its_names(self):
        head, _ = dicomized(self.folder / "head", series_description="T2 TSE sag")
        self.refused(head, "no series of this study is a T1-weighted volume", "named as another contrast")

    def test_a_child_has_volumes_but_no_centile_and_both_reasons(self):
        findings, flags = self.found(real_head(), "--age", "4", "--sex", "F")
        self.assertIn("this is a child of 4", findings["norms"]["none_because"])
        self.assertEqual((flags["child"]["value"], flags["child"]["limit"], flags["child"]["unit"]), (4, 6, "years"))
        self.assertEqual(len(findings["volumes"]), 32)


if __name__ == "__main__":
    main()
