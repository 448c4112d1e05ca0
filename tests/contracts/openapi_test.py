#!/usr/bin/env python3
"""The OpenAPI document is held against the program that prints it and against a running server's answers."""
import json
import sys
import unittest
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenarios"))
from case import Larmor, Scenario, larmor, main, store  # noqa: E402
from lab import http  # noqa: E402

try:
    import jsonschema
except ImportError:  # another Python than Debian's comes first on the path
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

DOCUMENT = ROOT / "api/openapi.json"


class OpenApi(Scenario):
    def test_the_committed_document_is_what_the_program_prints(self):
        self.assertEqual(json.loads(DOCUMENT.read_text()), json.loads(larmor("openapi").stdout),
                         "run `larmor openapi > api/openapi.json` and read what changed")

    def test_every_address_that_can_be_read_answers_as_documented(self):
        document = json.loads(DOCUMENT.read_text())
        server = self.start(Larmor(self.folder / "larmor", {"import.quiet_period_s": 1}))
        head, study = self.head()
        store(server.dicom_port, head)
        self.wait_for_event(server, "study.complete", study)
        [series] = server.get(f"/v1/studies/{study}/series")["items"]
        known = {"study": study, "series": series["series"], "instance": series["first"]}
        seen = 0
        for path, verbs in document["paths"].items():
            operation = verbs.get("get")
            names = [p["name"] for p in operation["parameters"] if p["in"] == "path"] if operation and "parameters" in operation else []
            if not operation or operation.get("x-larmor-scope") == "peer" or path.endswith("/stream") or not set(names) <= set(known):
                continue
            with self.subTest(path):
                address = path
                for name in names:
                    address = address.replace("{" + name + "}", urllib.parse.quote(known[name]))
                status, body = http(server.url + address)
                self.assertIn(str(status), operation["responses"], body[:200])
                for kind, media in operation["responses"][str(status)].get("content", {}).items():
                    if "json" in kind and "schema" in media:
                        resolver = jsonschema.RefResolver(base_uri="", referrer=document)
                        jsonschema.Draft202012Validator(media["schema"], resolver=resolver).validate(json.loads(body))
                        seen += 1
        self.assertGreater(seen, 12)

    def test_errors_are_problem_documents_with_the_right_status(self):
        server = self.start(Larmor(self.folder / "larmor"))
        for path, status in (("/v1/studies/1.2.3", 404), ("/v1/studies?limit=none", 422), ("/v1/jobs?state=asleep", 422), ("/v1/instances/9/file", 404), ("/v1/nothing", 404)):
            with self.subTest(path):
                answered, body = http(server.url + path)
                problem = json.loads(body)
                self.assertEqual((answered, problem["status"]), (status, status), body)
                self.assertTrue(problem["detail"])
        self.assertEqual(http(server.url + "/v1/studies", b"", "DELETE")[0], 405)
        self.assertEqual(http(server.url + "/v1/events", b"[]", "POST")[0], 405, "peers' routes are not for browsers")


if __name__ == "__main__":
    main()
