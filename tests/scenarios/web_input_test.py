#!/usr/bin/env python3
"""Nonsense and malice over HTTP: paths that climb, header lines that smuggle."""
import io
import json
import shutil
import socket
import time
import zipfile

from accounts_test import raw
from case import Larmor, Scenario, larmor, main, tool, wait_for
from lab import http, http_json
from stow_metadata_test import DESCRIBED, image, pixels
from stow_test import DICOM, body, part, post


class WebInput(Scenario):
    def setUp(self):
        super().setUp()
        self.server = self.start(Larmor(self.folder / "larmor"))

    def ask(self, line, *headers, content=b""):
        head = "\r\n".join([line, "Host: localhost", "Connection: close", *headers])
        return raw(self.server.http_port, head.encode() + b"\r\n\r\n" + content)

    def test_a_path_with_dots_leads_nowhere(self):
        for path in ("/../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/assets/../../../../etc/passwd", "/ohif/..%2f..%2f..%2fetc%2fpasswd",
                     "/assets/%00/etc/passwd", "/dicom-web/studies/../../../etc/passwd", "/dicom-web/studies/..%2f..%2f..%2fetc%2fpasswd", "/v1/instances/..%2f..%2fetc%2fpasswd/file"):
            with self.subTest(path=path):
                answer = self.ask(f"GET {path} HTTP/1.1")
                self.assertTrue(answer.startswith(b"HTTP/1.1 "), answer[:100])
                self.assertNotIn(b"root:", answer)
                if path.startswith(("/dicom-web", "/v1")):
                    self.assertIn(answer.split(b" ")[1], (b"400", b"404"))

    def test_names_that_a_sender_chose_are_never_paths(self):
        """Of entries in a ZIP, and of parts."""
        slices = sorted(self.head()[0].glob("*.dcm"))[:4]
        names = ("../" * 12 + str(self.folder)[1:] + "/climbed.dcm", f"{self.folder}/climbed.dcm", "..\\climbed.dcm")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            for name, image in zip(names, slices):
                file.writestr(name, image.read_bytes())
        status, answer = http(f"{self.server.url}/v1/uploads", archive.getvalue(), "POST", content_type="application/zip")
        self.assertEqual((status, json.loads(answer)["taken"]), (200, 3), answer)
        self.assertEqual(post(self.server, body(part(slices[3].read_bytes(), location=names[0])))[0], 200)
        self.assertEqual(list(self.folder.rglob("*climbed*")), [])

    def test_a_directory_of_a_medium_is_never_followed(self):
        """A DICOMDIR (PS3.10 8.6) whose references climb: by upload as a file and in a ZIP, by STOW-RS, and by `larmor send` of the CD."""
        cd = self.folder / "cd"
        (cd / "IMAGES").mkdir(parents=True)
        inside, outside = sorted(self.head()[0].glob("*.dcm"))[:2]
        shutil.copy(inside, cd / "IMAGES/I1")
        shutil.copy(outside, self.folder / "OUTSIDE")
        tool("dcmmkdir", "+id", cd, "+D", cd / "DICOMDIR", "-Pgp", "IMAGES/I1")
        listed = (cd / "DICOMDIR").read_bytes().replace(b"IMAGES\\I1 ", b"..\\OUTSIDE")
        (cd / "DICOMDIR").write_bytes(listed)
        self.assertIn("[..\\OUTSIDE]", tool("dcmdump", "+P", "ReferencedFileID", cd / "DICOMDIR").stdout)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            for path in ("DICOMDIR", "IMAGES/I1"):
                file.write(cd / path, path)
        for content, kind, expected in ((listed, "application/octet-stream", 0), (archive.getvalue(), "application/zip", 1)):
            status, answer = http(f"{self.server.url}/v1/uploads", content, "POST", content_type=kind)
            report = json.loads(answer)
            self.assertEqual((status, report["taken"], report["refused"]), (200, expected, []), answer)
        self.assertEqual(post(self.server, body(listed))[0], 409)
        larmor("send", cd, "--to", f"LARMOR@127.0.0.1:{self.server.dicom_port}")
        self.assertEqual(http_json(f"{self.server.url}/v1/storage")["instances"], 1)

    def test_what_is_said_twice_about_a_body_is_refused(self):
        for headers in (("Content-Length: 5", "Content-Length: 6"), ("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: -1",), ("Content-Length: 5x",),
                        ("Transfer-Encoding: chunked, gzip",)):
            with self.subTest(headers=headers):
                self.assertIn(self.ask("POST /v1/uploads?name=x HTTP/1.1", *headers, content=b"0\r\n\r\nGET /v1/studies HTTP/1.1\r\n\r\n").split(b" ")[1], (b"400", b"501"))

    def test_what_a_sender_wrote_makes_no_header_line(self):
        evil = '\r\nX-Evil: 1\r\n\r\n"<script>'
        models = [image(evil), image("1.2.3.5", **{evil: {"vr": "LO"}}), image("1.2.3.6", {"BulkDataURI": evil})]
        status, headers, answer = post(self.server, body(part(json.dumps(models).encode(), "application/dicom+json"), pixels('x"y')), content_type=DESCRIBED)
        self.assertEqual(status, 409, answer)
        self.assertNotIn("x-evil", {name.lower() for name in headers})
        self.assertEqual(headers["warning"].count('"'), 2)

    def hold(self, count, *pieces):
        """Connections that have sent the pieces, and are then silent."""
        held = [socket.create_connection(("127.0.0.1", self.server.http_port)) for _ in range(count)]
        for n, s in enumerate(held):
            self.addCleanup(s.close)
            s.sendall(pieces[n % len(pieces)])
        return held

    def test_bodies_that_drip_hold_nobody_up(self):
        """More of them than the server has workers: STOW-RS and uploads, with a length and in chunks."""
        stow = f"POST /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\nContent-Type: {DICOM}\r\n".encode()
        upload = b"POST /v1/uploads?name=x HTTP/1.1\r\nHost: localhost\r\n"
        sized, chunked = b"Content-Length: 1000000\r\n\r\n-", b"Transfer-Encoding: chunked\r\n\r\n1\r\n-\r\n"
        held = self.hold(60, stow + sized, stow + chunked, upload + sized, upload + chunked)
        began = time.monotonic()
        for n in range(20):
            held[n].sendall(b"-" if n % 2 == 0 else b"1\r\n-\r\n")
            self.assertEqual(http(f"{self.server.url}/v1/studies")[0], 200)
            self.assertEqual(http(f"{self.server.url}/v1/jobs/none/revivals", method="POST")[0], 404, "which a worker says")
            self.assertEqual(http(f"{self.server.url}/dicom-web/studies")[0], 200)
        self.assertLess(time.monotonic() - began, 10)
        for s in held:
            s.close()
        image = sorted(self.head()[0].glob("*.dcm"))[0].read_bytes()
        self.assertEqual(post(self.server, body(image))[0], 200, "and after them others are taken")

    def test_more_connections_than_there_are_places_are_told_so_and_the_rest_goes_on(self):
        held = self.hold(1023, b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_for("the answers", lambda: all(b" 200 " in s.recv(20, socket.MSG_PEEK) for s in held))
        over = self.hold(100, b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        told = []
        for s in over:
            s.settimeout(30)
            try:
                told.append(s.recv(20)[9:12])
            except ConnectionResetError:
                told.append(b"")
        self.assertIn(b"503", told)
        self.assertLessEqual(set(told), {b"200", b"503", b""}, "told, or just closed")
        self.assertLessEqual(told.count(b"200"), 1)
        for s in held + over:
            s.close()
        wait_for("a place", lambda: http(f"{self.server.url}/v1/health")[0] == 200)

    def test_many_and_long_header_lines_are_refused(self):
        self.assertIn(b" 431 ", self.ask("GET /v1/health HTTP/1.1", *[f"X-{n}: y" for n in range(20_000)])[:20])
        self.assertIn(self.ask(f"GET /v1/studies?words={'x' * 200_000} HTTP/1.1").split(b" ")[1], (b"414", b"431"))


if __name__ == "__main__":
    main()
