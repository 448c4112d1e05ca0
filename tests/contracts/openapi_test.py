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


def wrong_values(schema):
    if "enum" in schema:
        return ["no_such_word", ""]
    if schema["type"] in ("integer", "number"):
        return ["none", "", schema["minimum"] - 1, schema["maximum"] + 1]
    return []


# Texts of a form of their own, which their descriptions tell; what is not of that form is refused by the services' own tests.
OF_A_FORM = {"after": [""],  # a cursor is what `next` said, nothing for the first page
             "from": ["", "20260101"], "to": ["", "20260101"], "field": ["rule:brain-t1"],
             "accept": ["*/*"], "window": ["40,350,linear"], "viewport": ["64,64"]}


def right_values(name, schema):
    if "enum" in schema:
        return schema["enum"]
    if schema["type"] in ("integer", "number"):
        # Waiting as long as one may is not what is tested.
        return [schema["minimum"], schema["default"], *([schema["maximum"]] if schema["type"] == "integer" else [0.1])]
    return OF_A_FORM.get(name, ["", "1"])


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

    def test_query_parameters_are_what_the_document_says_and_nothing_else(self):
        server = self.start(Larmor(self.folder / "larmor"))
        named = 0
        for path, verbs in json.loads(DOCUMENT.read_text())["paths"].items():
            operation = verbs.get("get")
            if not operation or operation["x-larmor-scope"] == "peer":
                continue
            address = server.url + path.replace("{", "").replace("}", "")
            expected = http(address)[0] if "{" in path else 200  # nothing is kept: 404, or an empty list of DICOMweb
            self.refuses(address, "surely_not", "1")
            for row in (p for p in operation.get("parameters", []) if p["in"] == "query" and not p["name"].startswith("{")):
                named += 1
                self.assertTrue(row["description"])
                one = row["schema"].get("items", row["schema"])
                for value in wrong_values(one):
                    self.refuses(address, row["name"], value)
                if row["schema"]["type"] != "array":
                    self.refuses(address, row["name"], f"1&{row['name']}=1")
                for value in right_values(row["name"], one) if not path.endswith("/stream") and row["name"] != "includefield" else ():
                    with self.subTest(address=address, parameter=row["name"], value=value):
                        status, body = http(f"{address}?{row['name']}={value}")
                        self.assertEqual(status, expected, body)
        self.assertGreater(named, 10)

    def refuses(self, address, name, value):
        with self.subTest(address=address, parameter=name, value=value):
            status, body = http(f"{address}?{name}={value}")
            problem = json.loads(body)
            expected = 400 if "/dicom-web/" in address else 422  # PS3.18 table 8.5-1 against our own
            self.assertEqual((status, problem["status"], problem["pointer"]), (expected, expected, name), problem)
            self.assertIn(name, problem["detail"])

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
