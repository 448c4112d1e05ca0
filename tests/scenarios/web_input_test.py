#!/usr/bin/env python3
"""Nonsense and malice over HTTP: paths that climb, header lines that smuggle."""
import io
import json
import zipfile

from accounts_test import raw
from case import Larmor, Scenario, main
from lab import http
from stow_metadata_test import DESCRIBED, image, pixels
from stow_test import body, part, post


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

    def test_many_and_long_header_lines_are_refused(self):
        self.assertIn(b" 431 ", self.ask("GET /v1/health HTTP/1.1", *[f"X-{n}: y" for n in range(20_000)])[:20])
        self.assertIn(self.ask(f"GET /v1/studies?words={'x' * 200_000} HTTP/1.1").split(b" ")[1], (b"414", b"431"))


if __name__ == "__main__":
    main()
