#!/usr/bin/env python3
"""Objects and frames in the transfer syntax that the caller names, without loss, judged by GDCM."""
import collections
import json

from case import Scenario, in_both_shapes, main, tool
from lab import http_json
from retrieve_test import get, parts

EXPLICIT = "1.2.840.10008.1.2.1"
TARGETS = {EXPLICIT: "application/octet-stream", "1.2.840.10008.1.2.4.80": "image/jls", "1.2.840.10008.1.2.4.90": "image/jp2", "1.2.840.10008.1.2.5": "image/dicom-rle"}
HTJ2K = "1.2.840.10008.1.2.4.201"  # no library of Debian 12 writes it


@in_both_shapes
class Transcode(Scenario):
    def grey_images(self, server):
        """(address, attributes) of two objects of each series."""
        seen = collections.Counter()
        for i in http_json(f"{server.url}/dicom-web/instances?includefield=AvailableTransferSyntaxUID"):
            uid = lambda tag: i[tag]["Value"][0]
            if "00280010" not in i or seen[uid("0020000E")] == 2:
                continue
            seen[uid("0020000E")] += 1
            address = f"{server.url}/dicom-web/studies/{uid('0020000D')}/series/{uid('0020000E')}/instances/{uid('00080018')}"
            [attributes] = json.loads(get(f"{address}/metadata", "application/dicom+json")[2])
            # Colours may be stored in several ways without loss, and GDCM leaves them as they are.
            if attributes.get("00280002", {}).get("Value") == [1]:
                yield address, attributes

    def pixels(self, file):
        """What GDCM reads; None where it cannot."""
        source, plain, out = (self.folder / name for name in ("one.dcm", "plain.dcm", "pixels"))
        source.write_bytes(file)
        plain.unlink(missing_ok=True)
        if tool("gdcmconv", "--raw", source, plain, check=False).returncode != 0 or not plain.exists():
            return None
        out.unlink(missing_ok=True)
        tool("gdcmraw", "-i", plain, "-t", "7fe0,0010", "-o", out, check=False)
        return out.read_bytes() if out.exists() else None

    def test_the_corpus_keeps_its_pixels_in_every_syntax(self):
        server = self.holding(self.corpus(""))
        counts = dict.fromkeys(TARGETS, 0)
        for address, attributes in self.grey_images(server):
            expected = self.pixels(get(address, "application/dicom")[2])
            number = lambda tag: attributes[tag]["Value"][0]
            size = (number("00280010") * number("00280011") * number("00280100") + 7) // 8
            for syntax, kind in TARGETS.items():
                with self.subTest(address=address, syntax=syntax):
                    status, headers, body = get(address, f'multipart/related; type="application/dicom"; transfer-syntax={syntax}')
                    self.assertIn(status, (200, 406, 422), body)
                    if status != 200 or expected is None:
                        continue
                    [(said, file)] = parts(headers, body)
                    self.assertEqual(said, f"application/dicom; transfer-syntax={syntax}")
                    self.assertIn(syntax.encode(), file[:1000])
                    self.assertEqual(self.pixels(file), expected)
                    counts[syntax] += 1
                    status, headers, body = get(f"{address}/frames/1", f'multipart/related; type="{kind}"; transfer-syntax={syntax}')
                    if status == 200:
                        [(said, frame)] = parts(headers, body)
                        self.assertEqual(said, f"{kind}; transfer-syntax={syntax}")
                        if syntax == EXPLICIT:
                            self.assertEqual(frame[:size], expected[:size])
        print(f"with their pixels: {counts}")
        for syntax, count in counts.items():
            self.assertGreater(count, 40, syntax)

    def test_a_whole_study_changes_its_syntax(self):
        head, study = self.head()
        server = self.holding(head)
        status, headers, body = get(f"{server.url}/dicom-web/studies/{study}", 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80')
        self.assertEqual(status, 200)
        files = parts(headers, body)
        self.assertEqual(len(files), server.get(f"/v1/studies/{study}")["instances"])
        before = {path.read_bytes() for path in head.rglob("*.dcm")}
        self.assertLess(sum(len(f) for _, f in files), sum(map(len, before)))
        self.assertEqual(self.pixels(files[0][1]) in {self.pixels(f) for f in before}, True)

    def test_what_cannot_be_written_is_said_with_what_can(self):
        server = self.holding(self.head()[0])
        address, _ = next(self.grey_images(server))
        for path, kind in (("", "application/dicom"), ("/frames/1", "image/jphc")):
            status, _, body = get(address + path, f'multipart/related; type="{kind}"; transfer-syntax={HTJ2K}')
            self.assertEqual(status, 406, body)
            for syntax in TARGETS:
                self.assertIn(syntax, json.loads(body)["hint"])


if __name__ == "__main__":
    main()
