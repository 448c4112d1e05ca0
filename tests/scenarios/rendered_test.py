#!/usr/bin/env python3
"""Pictures of images, judged pixel by pixel by DCMTK's dcmj2pnm; thumbnails of everything that has an image."""
import json
import struct
import zlib
from typing import NamedTuple

from case import Scenario, in_both_shapes, main, tool
from lab import http_json
from retrieve_test import get, parts


REFUSED = (b"begin inside a byte", b"deflated data set")  # what is said of frames that are not taken out


class Picture(NamedTuple):
    columns: int
    rows: int
    samples: int
    values: bytes

    def part(self, left, top, columns, rows):
        lines = [self.values[y * self.columns + left:y * self.columns + left + columns] for y in range(top, top + rows)]
        return Picture(columns, rows, 1, b"".join(lines))

    def mirrored(self):
        lines = [self.values[y * self.columns:(y + 1) * self.columns][::-1] for y in range(self.rows)]
        return self._replace(values=b"".join(lines))


def unfiltered(kind, line, above, samples):
    """One line of a PNG (ISO/IEC 15948, 9.2)."""
    if kind == 0:
        return line
    out = bytearray(line)
    for x in range(len(out)):
        a, b, c = (out[x - samples], above[x], above[x - samples]) if x >= samples else (0, above[x], 0)
        p = a + b - c
        nearest = a if abs(p - a) <= min(abs(p - b), abs(p - c)) else b if abs(p - b) <= abs(p - c) else c
        out[x] = out[x] + (0, a, b, (a + b) // 2, nearest)[kind] & 255
    return bytes(out)


def decode_png(content):
    """An 8-bit PNG that is not interlaced."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n", content[:200]
    at, packed = 8, b""
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        if kind == b"IHDR":
            columns, rows, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content[at + 8:at + 8 + size])
        if kind == b"IDAT":
            packed += content[at + 8:at + 8 + size]
        at += 12 + size
    assert depth == 8 and colour in (0, 2) and not interlaced
    samples = 3 if colour == 2 else 1
    length, values, lines = columns * samples, zlib.decompress(packed), [bytes(columns * samples)]
    for y in range(rows):
        start = y * (length + 1)
        lines.append(unfiltered(values[start], values[start + 1:start + 1 + length], lines[-1], samples))
    return Picture(columns, rows, samples, b"".join(lines[1:]))


def decode_pnm(content):
    kind, size, _, values = content.split(b"\n", 3)
    columns, rows = map(int, size.split())
    return Picture(columns, rows, 3 if kind == b"P6" else 1, values)


@in_both_shapes
class Rendered(Scenario):
    def objects(self, server):
        for i in http_json(f"{server.url}/dicom-web/instances?includefield=AvailableTransferSyntaxUID"):
            if "00280010" in i:
                uid = lambda tag: i[tag]["Value"][0]
                yield f"{server.url}/dicom-web/studies/{uid('0020000D')}/series/{uid('0020000E')}/instances/{uid('00080018')}", i

    def judge(self, file, *options):
        """What DCMTK makes of the first frame; None where it cannot."""
        source, out = self.folder / "one.dcm", self.folder / "one.pnm"
        source.write_bytes(file)
        out.unlink(missing_ok=True)
        done = tool("dcmj2pnm", "+op", *options, source, out, check=False)
        return decode_pnm(out.read_bytes()) if done.returncode == 0 and out.exists() else None

    def same(self, picture, expected):
        self.assertEqual(picture[:3], expected[:3])
        differ = sum(a != b for a, b in zip(picture.values, expected.values)) if picture.values != expected.values else 0
        self.assertEqual(differ, 0, f"of {len(picture.values)} values")

    def test_the_corpus_looks_as_dcmtk_shows_it(self):
        server = self.holding(self.corpus(""))
        same, shown, alone = 0, 0, []
        for address, _ in self.objects(server):
            file = get(address, "application/dicom")[2]
            [attributes] = json.loads(get(f"{address}/metadata", "application/dicom+json")[2])
            status, headers, png = get(f"{address}/frames/1/rendered", "image/png")
            with self.subTest(address=address):
                self.assertIn(status, (200, 404, 406, 422), png)
                voi = ("+Wi", 1) if attributes.get("00281050", {}).get("Value") else ("+Wl", 1) if "00283010" in attributes else ("+Wm",)
                expected = self.judge(file, *voi)
                if status != 200:
                    self.assertTrue(expected is None or any(reason in png for reason in REFUSED), f"DCMTK shows what is refused here: {png[:300]}")
                    continue
                shown += 1
                if expected is None or "52009229" in attributes:  # DCMTK does not look into functional groups
                    alone.append(address)
                    continue
                self.same(decode_png(png), expected)
                same += 1
        print(f"{shown} shown, {same} as dcmj2pnm shows them, {len(alone)} that it cannot show alike")
        self.assertGreater(same, 60)

    def test_a_window_and_a_viewport_are_honoured(self):
        server = self.holding(self.head()[0])
        address, _ = next(self.objects(server))
        file = get(address, "application/dicom")[2]
        for window, options in (("40,80,linear", ("+Ww", 40, 80)), ("100,50.5,sigmoid", ("+Wfs", "+Ww", 100, 50.5)), ("100,20,linear-exact", ("+Ww", 100.5, 21))):
            with self.subTest(window=window):
                status, _, png = get(f"{address}/rendered?window={window}", "image/png")
                self.assertEqual(status, 200, png)
                self.same(decode_png(png), self.judge(file, *options))
        whole = decode_png(get(f"{address}/rendered?window=40,80,linear", "image/png")[2])
        part = decode_png(get(f"{address}/rendered?window=40,80,linear&viewport=20,30,10,12,20,30", "image/png")[2])
        self.same(part, whole.part(10, 12, 20, 30))
        mirrored = decode_png(get(f"{address}/rendered?window=40,80,linear&viewport=20,30,10,12,-20,30", "image/png")[2])
        self.same(mirrored, part.mirrored())
        small = decode_png(get(f"{address}/rendered?window=40,80,linear&viewport=50,5000", "image/png")[2])
        self.assertEqual((small.columns, small.rows), (50, 50 * whole.rows // whole.columns))
        self.same(small, self.judge(file, "+Ww", 40, 80, "+i", 1, "+Sxv", 50))

    def test_wrong_parameters_are_named(self):
        server = self.holding(self.head()[0])
        address, _ = next(self.objects(server))
        for query in ("window=1", "window=1,2", "window=1,0,linear", "window=a,2,linear", "window=1,2,cubic", "window=nan,2,linear", "viewport=0,5", "viewport=5",
                      "viewport=5,5,0,0,9999,9999", "viewport=5,5,-1,0,,", "viewport=99999,1", "quality=0", "quality=high", "colour=red", "window=1,2,linear&window=1,2,linear"):
            with self.subTest(query=query):
                status, _, answer = get(f"{address}/rendered?{query}")
                self.assertEqual(status, 400, answer)
                self.assertEqual(json.loads(answer)["pointer"], query.split("=")[0])
        self.assertEqual(get(f"{address}/rendered", "image/webp")[0], 406)
        self.assertEqual(get(f"{address}/frames/2/rendered")[0], 404)
        self.assertEqual(get(f"{address}/frames/x/rendered")[0], 400)

    def test_everything_with_an_image_has_a_thumbnail(self):
        head, study = self.head()
        server = self.holding(head)
        address, _ = next(self.objects(server))
        for place in (f"{server.url}/dicom-web/studies/{study}", address.split("/instances/")[0], address, f"{address}/frames/1"):
            with self.subTest(place=place):
                status, headers, jpeg = get(f"{place}/thumbnail")
                self.assertEqual((status, headers["content-type"], jpeg[:2]), (200, "image/jpeg", b"\xff\xd8"))
                picture = decode_png(get(f"{place}/thumbnail?viewport=64,64", "image/png")[2])
                self.assertEqual(max(picture.columns, picture.rows), 64)
                self.assertEqual(get(f"{place}/thumbnail", **{"If-None-Match": headers["etag"]})[0], 304)
                self.assertEqual(get(f"{place}/thumbnail", "image/png", **{"If-None-Match": headers["etag"]})[0], 200)
        self.assertEqual(get(f"{server.url}/dicom-web/studies/1.2.3/thumbnail")[0], 404)
        status, headers, body = get(f"{address}/frames/1,1/rendered", 'multipart/related; type="image/png"')
        self.assertEqual([kind for kind, _ in parts(headers, body)], ["image/png", "image/png"])

    def test_a_series_and_a_study_are_shown_image_by_image(self):
        head, study = self.head()
        server = self.holding(head)
        objects = sorted(self.objects(server), key=lambda o: o[1]["00200013"]["Value"][0])
        series = objects[0][0].split("/instances/")[0]
        one = get(f"{objects[3][0]}/rendered?viewport=64,64&window=40,80,linear", "image/png")[2]
        for place in (series, f"{server.url}/dicom-web/studies/{study}"):
            with self.subTest(place=place):
                status, headers, body = get(f"{place}/rendered?viewport=64,64&window=40,80,linear", 'multipart/related; type="image/png"')
                self.assertEqual(status, 200, body[:300])
                pictures = parts(headers, body)
                self.assertEqual({kind for kind, _ in pictures}, {"image/png"})
                self.assertEqual((len(pictures), pictures[3][1]), (len(objects), one))
                locations = [line.split(b": ")[1].decode() for line in body.split(b"\r\n") if line.startswith(b"Content-Location")]
                self.assertEqual(locations, [f"{address}/rendered" for address, _ in objects])
                self.assertEqual(get(f"{place}/rendered?viewport=64,64&window=40,80,linear", 'multipart/related; type="image/png"', **{"If-None-Match": headers["etag"]})[0], 304)
                status, _, answer = get(f"{place}/rendered", "video/mp4")
                self.assertEqual((status, "image/jpeg" in json.loads(answer)["hint"]), (406, True))
                self.assertEqual(get(f"{place}/rendered?window=1")[0], 400)
        self.assertEqual(get(f"{server.url}/dicom-web/studies/1.2.3/rendered")[0], 404)


if __name__ == "__main__":
    main()
