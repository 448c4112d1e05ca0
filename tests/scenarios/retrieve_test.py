#!/usr/bin/env python3
"""Everything that was taken in is given back over WADO-RS, C-GET and C-MOVE: objects bit for bit, frames as they are stored, metadata."""
import email
import gzip
import json
import re
import time
import urllib.error
import urllib.request
import zlib

from case import Scenario, in_both_shapes, larmor, main, tool
from lab import Program, free_ports, http, http_json, listening, wait_for

OHIF_FRAME = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'


def get(url, accept="*/*", **headers):
    request = urllib.request.Request(url, headers={"Accept": accept, **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def parts(headers, body):
    """(content type, bytes) of every part; judged by its boundary alone."""
    boundary = email.message_from_string(f"Content-Type: {headers['content-type']}").get_boundary().encode()
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    assert pieces[0] == b"" and pieces[-1] == b"--\r\n", "the body is not closed"
    return [(head.decode().split("Content-Type: ")[1].split("\r\n")[0], content)
            for head, content in (piece.removeprefix(b"\r\n").split(b"\r\n\r\n", 1) for piece in pieces[1:-1])]


def inflated(file):
    """A deflated data set as it was before; any other file as it is."""
    data_set = 144 + int.from_bytes(file[140:144], "little")  # behind the file meta information and its length (PS3.10 7.1)
    return zlib.decompress(file[data_set:], -zlib.MAX_WBITS) if b"1.2.840.10008.1.2.1.99" in file[:data_set] else file


def syntax_and_data_set(file):
    """What an association carries of a file: all behind the file meta information, padded where it is odd (PS3.10 7.1, PS3.5 A.5)."""
    at, syntax = 132, ""
    while file[at:at + 2] == b"\x02\0":
        vr, long = file[at + 4:at + 6], file[at + 4:at + 6] in (b"OB", b"UN", b"UT")
        size = int.from_bytes(file[at + 8:at + 12] if long else file[at + 6:at + 8], "little")
        value = at + (12 if long else 8)
        if file[at + 2:at + 4] == b"\x10\0" and vr == b"UI":
            syntax = file[value:value + size].rstrip(b"\0 ").decode()
        at = value + size
    return syntax, file[at:] + b"\0" * ((len(file) - at) % 2)


# How DCMTK's getscu is told to take them as they are. It has one context for each SOP class: what is stored otherwise comes uncompressed
# (src/dicom/dimse/get_scp_test.cpp takes all of the corpus bit for bit, with DCMTK's library and a context for each syntax).
GETSCU = {"1.2.840.10008.1.2": "+xi", "1.2.840.10008.1.2.1": "+xe"}
UNKNOWN_TO_DCMTK = "1.2.840.10008.1.2.8.1"  # Deflated Image Frame Compression: storescp takes none
PIXELS = ("7FE00008", "7FE00009", "7FE00010")  # as real numbers, as double ones, and as most are


def uid_of(file):
    """Media Storage SOP Instance UID (0002,0003)."""
    at = file.index(b"\x02\x00\x03\x00UI") + 8
    return file[at:at + int.from_bytes(file[at - 2:at], "little")]


def copy(file, n):
    """The object under another UID of the same length: one digit of it is raised by n, 9 is followed by 1."""
    uid = uid_of(file)
    digit = (uid[5] - ord("1") + n) % 9 + ord("1")
    return file.replace(uid, uid[:5] + bytes([digit]) + uid[6:])


def bulk_data(attributes):
    """The addresses that metadata refers to instead of holding the value."""
    for tag, element in attributes.items():
        if "BulkDataURI" in element and tag not in PIXELS:
            yield element["BulkDataURI"]
        for item in element.get("Value", []) if element["vr"] == "SQ" else []:
            yield from bulk_data(item)


@in_both_shapes
class Retrieve(Scenario):
    def server(self, folder):
        return self.holding(folder), {path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def instances(self, server):
        """(address, attributes) of everything that is kept."""
        found = http_json(f"{server.url}/dicom-web/instances")
        return [(f"{server.url}/dicom-web/studies/{i['0020000D']['Value'][0]}/series/{i['0020000E']['Value'][0]}"
                 f"/instances/{i['00080018']['Value'][0]}", i) for i in found]

    def test_the_corpus_comes_back_bit_for_bit_with_its_frames_and_metadata(self):
        server, files = self.server(self.corpus(""))
        framed = 0
        for address, _ in self.instances(server):
            with self.subTest(address=address):
                status, headers, body = get(address, 'multipart/related; type="application/dicom"')
                self.assertEqual(status, 200, body)
                [(kind, file)] = parts(headers, body)
                self.assertIn(file, files)
                self.assertTrue(kind.startswith("application/dicom; transfer-syntax=1.2."))
                self.assertEqual(get(address, "application/dicom")[2], file)
                status, _, body = get(f"{address}/metadata", "application/dicom+json")
                self.assertEqual(status, 200, body)
                [attributes] = json.loads(body)
                for uri in bulk_data(attributes):
                    status, _, value = get(uri, "application/octet-stream")
                    self.assertEqual(status, 200, value)
                    self.assertGreater(len(value), 64 << 10)
                    self.assertIn(value, file)
                status, headers, body = get(f"{address}/frames/1", OHIF_FRAME)
                if status == 200:
                    framed += 1
                    [(kind, frame)] = parts(headers, body)
                    # A frame may lie in several fragments, each behind the tag and the length of its item.
                    whole = inflated(file)
                    whole = whole if frame in whole else re.sub(rb"\xfe\xff\x00\xe0....", b"", whole, flags=re.DOTALL)
                    self.assertTrue(frame and frame in whole)
                    if kind.endswith("=1.2.840.10008.1.2.1"):
                        number = lambda tag, otherwise=0: attributes.get(tag, {}).get("Value", [otherwise])[0]
                        bits = number("00280010") * number("00280011") * number("00280002", 1) * number("00280100")
                        self.assertEqual(len(frame), (bits + 7) // 8)
                    [pixels] = (attributes[tag] for tag in PIXELS if tag in attributes)
                    self.assertEqual(get(pixels["BulkDataURI"], OHIF_FRAME)[0], 200)
                else:
                    self.assertIn(status, (404, 406, 422), body)
                    self.assertFalse(status == 404 and b"\xe0\x7f\x10\x00OW" in file, "it has pixels")
        self.assertGreater(framed, 20)

    def test_a_series_comes_at_once_and_only_once_while_it_is_the_same(self):
        head, study = self.head()
        server, files = self.server(head)
        address, _ = self.instances(server)[0]
        series = address.split("/instances/")[0]
        begin = time.monotonic()
        status, headers, body = get(f"{series}/metadata", "application/dicom+json")
        print(f"metadata of {len(json.loads(body))} objects: {1000 * (time.monotonic() - begin):.0f} ms, {len(body)} bytes")
        self.assertEqual(status, 200)
        self.assertEqual(get(f"{series}/metadata", "application/dicom+json", **{"If-None-Match": headers["etag"]})[0], 304)
        status, headers, body = get(f"{server.url}/dicom-web/studies/{study}", 'multipart/related; type="application/dicom"; transfer-syntax=*')
        self.assertEqual(status, 200)
        self.assertEqual({file for _, file in parts(headers, body)}, files)

    def test_dcmtk_gets_a_series_over_its_own_association(self):
        head, study = self.head()
        server, files = self.server(head)
        for model, level, count in (("-S", "STUDY", 181), ("-P", "STUDY", 181), ("-S", "IMAGE", 1)):
            received = self.folder / f"received{model}{level}"
            received.mkdir()
            keys = [f"QueryRetrieveLevel={level}", f"StudyInstanceUID={study}"]
            if level == "IMAGE":
                keys += [f"SOPInstanceUID={self.instances(server)[0][1]['00080018']['Value'][0]}"]
            tool("getscu", model, "+B", "-aec", "LARMOR", "-aet", "READER", "-od", received, *(w for key in keys for w in ("-k", key)), "127.0.0.1", server.dicom_port)
            data_sets = {file[file.index(b"\x08\x00\x05\x00CS"):] for file in files}
            fetched = [file.read_bytes() for file in received.iterdir()]
            self.assertEqual(len(fetched), count)
            for file in fetched:
                self.assertIn(file[file.index(b"\x08\x00\x05\x00CS"):], data_sets, "bit for bit, but for the file head")

    def received(self, name):
        folder = self.folder / name
        folder.mkdir()
        return folder

    def storescp(self, name):
        """DCMTK's storescp, which takes everything and writes it as it came; its port and its folder."""
        folder, [port] = self.received(name), free_ports(1)
        self.start(Program("storescp", ["storescp", "+B", "+xa", "-pm", "-aet", "VIEWER", "-od", folder, port], self.folder / f"{name}.log", {"TCP_NODELAY": "1"}))
        wait_for("storescp", lambda: listening(port))
        return port, folder

    def objects(self):
        """Every object of the corpus as a file of its own, out of its gzip where it has one; and what an association carries of each."""
        folder = self.received("objects")
        for n, path in enumerate(sorted(p for p in self.corpus("").rglob("*") if p.is_file())):
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" and ".tar" not in path.name else path.read_bytes()
            if content[128:132] == b"DICM":
                (folder / f"{n:04}.dcm").write_bytes(content)
        return folder, {syntax_and_data_set(path.read_bytes()) for path in folder.iterdir()}

    def kept(self, server):
        """What is kept, over WADO-RS: (transfer syntax, data set) by SOP Instance UID."""
        return {i["00080018"]["Value"][0]: syntax_and_data_set(get(address, "application/dicom")[2]) for address, i in self.instances(server)}

    def test_what_dcmtk_sends_is_kept_as_storescp_receives_it(self):
        folder, _ = self.objects()
        server = self.holding()
        port, reference = self.storescp("reference")
        for to in (server.dicom_port, port):
            tool("dcmsend", "-aec", "LARMOR", "-nh", "-dn", "-nuc", "+sd", "127.0.0.1", to, folder, check=False, timeout=300, env={"TCP_NODELAY": "1"})
        uids = [uid_of(path.read_bytes()) for path in folder.iterdir()]
        once = {uid for uid in uids if uids.count(uid) == 1}  # of two with one UID storescp has the last, and Larmor the first
        sent = [path for path in reference.iterdir() if uid_of(path.read_bytes()) in once]
        kept = set(self.kept(server).values())
        self.assertGreater(len(sent), 300)
        for path in (path for path in sent if syntax_and_data_set(path.read_bytes()) not in kept):
            named = tool("dcmdump", "+P", "StudyInstanceUID", "+P", "SeriesInstanceUID", path).stdout.count("UI [")
            self.assertLess(named, 2, f"{path} names its study and its series")

    def test_the_corpus_goes_in_by_c_store_and_comes_out_by_c_get_and_c_move_bit_for_bit(self):
        folder, sent = self.objects()
        port, moved = self.storescp("moved")
        server = self.start(self.shape(self.folder / "larmor", {
            "import.quiet_period_s": 1, "export.destinations.viewer.host": "127.0.0.1", "export.destinations.viewer.port": port, "export.destinations.viewer.called_ae": "VIEWER"}))
        done = larmor("send", folder, "--to", f"LARMOR@127.0.0.1:{server.dicom_port}", "--json", check=False)
        said = json.loads(done.stdout)
        kept = self.kept(server)
        print(f"{said}; {len(kept)} objects are kept, in {len({s for s, _ in kept.values()})} transfer syntaxes")
        self.assertGreater(len(kept), 300)
        self.assertEqual([uid for uid, held in kept.items() if held not in sent], [], "over WADO-RS")

        for study in http_json(f"{server.url}/dicom-web/studies?limit=1000"):
            uid = study["0020000D"]["Value"][0]
            tool("movescu", "-S", "-aec", "LARMOR", "-aem", "VIEWER", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={uid}", "127.0.0.1", server.dicom_port, check=False)
        arrived = {syntax_and_data_set(path.read_bytes()) for path in moved.iterdir()}
        self.assertEqual([uid for uid, held in kept.items() if held not in arrived and held[0] != UNKNOWN_TO_DCMTK], [], "over C-MOVE")

        classes = {i["00080018"]["Value"][0]: i["00080016"]["Value"][0] for _, i in self.instances(server)}
        for syntax, option in GETSCU.items():
            wanted = [uid for uid, held in kept.items() if held[0] == syntax]
            folder = self.received(f"got{option}")
            for at in range(0, len(wanted), 50):
                tool("getscu", "-S", option, "+B", "-aec", "LARMOR", "-od", folder, "-k", "QueryRetrieveLevel=IMAGE", "-k", "SOPInstanceUID=" + "\\".join(wanted[at:at + 50]),
                     "127.0.0.1", server.dicom_port, check=False)
            arrived = {syntax_and_data_set(path.read_bytes()) for path in folder.iterdir()}
            taken, left = ({classes[uid] for uid in wanted if (kept[uid] in arrived) == there} for there in (True, False))
            with self.subTest(syntax=syntax, wanted=len(wanted), arrived=len(arrived), left=left):
                self.assertGreater(len(arrived), 10)
                self.assertFalse(taken & left, "over C-GET: of a SOP class that getscu knows, all")

    def test_a_study_leaves_as_it_was_when_it_was_asked_for(self):
        """Four times the head, more than rows are held of: whoever reads it slowly gets what was there, though more arrives."""
        head, study = self.head()
        server, files = self.server(head)
        copies = [copy(file, n) for file in files for n in range(1, 5)]
        for file in copies[:-181]:
            http(f"{server.url}/v1/uploads", file, "POST", content_type="application/octet-stream")
        held = files | set(copies[:-181])
        request = urllib.request.Request(f"{server.url}/dicom-web/studies/{study}", headers={"Accept": 'multipart/related; type="application/dicom"'})
        with urllib.request.urlopen(request, timeout=60) as reply:
            body = reply.read(1 << 20)
            for file in copies[-181:]:
                http(f"{server.url}/v1/uploads", file, "POST", content_type="application/octet-stream")
            body += reply.read()
            self.assertEqual(len(body), int(reply.headers["content-length"]))
            got = [file for _, file in parts(reply.headers, body)]
        self.assertEqual((len(got), set(got)), (len(held), held))
        _, _, body = get(f"{server.url}/dicom-web/studies/{study}/metadata", "application/dicom+json")
        self.assertEqual(len({a["00080018"]["Value"][0] for a in json.loads(body)}), len(files) + len(copies), "asked again, all are there")

    def test_parts_and_conditions_are_as_http_says(self):
        """RFC 9110, sections 13 and 14."""
        server, _ = self.server(self.head()[0])
        address, _ = self.instances(server)[0]
        _, headers, whole = get(address, "application/dicom")
        tag, size = headers["etag"], len(whole)
        for asked, expected, content in (({"Range": "bytes=0-9"}, 206, whole[:10]), ({"Range": "bytes=-7"}, 206, whole[-7:]), ({"Range": f"bytes={size - 3}-"}, 206, whole[-3:]),
                                         ({"Range": "bytes=0-1,5-6"}, 200, whole), ({"Range": "bytes=0-9", "If-Range": tag}, 206, whole[:10]), ({"Range": "bytes=0-9", "If-Range": '"other"'}, 200, whole),
                                         ({"If-None-Match": tag}, 304, b""), ({"If-None-Match": f'"other", W/{tag}'}, 304, b""), ({"If-None-Match": "*"}, 304, b""), ({"If-None-Match": '"other"'}, 200, whole)):
            with self.subTest(asked=asked):
                status, _, body = get(address, "application/dicom", **asked)
                self.assertEqual((status, body), (expected, content))
        status, headers, _ = get(address, "application/dicom", Range=f"bytes={size}-")
        self.assertEqual((status, headers["content-range"]), (416, f"bytes */{size}"))
        _, headers, small = get(f"{address}/metadata", "application/dicom+json", **{"Accept-Encoding": "gzip"})
        self.assertEqual((headers["content-encoding"], headers["etag"][:2]), ("gzip", "W/"), "the same in other bytes")
        self.assertEqual(gzip.decompress(small), get(f"{address}/metadata", "application/dicom+json")[2])
        self.assertEqual(get(f"{address}/metadata", "application/dicom+json", **{"If-None-Match": headers["etag"]})[0], 304)

    def test_preferences_are_honoured(self):
        """RFC 9110, section 12.4.2, and PS3.18 8.3.3.1."""
        server, _ = self.server(self.head()[0])
        address, _ = self.instances(server)[0]
        unknown, any_object = 'multipart/related; type="application/dicom"; transfer-syntax=1.2.3', 'multipart/related; type="application/dicom"'
        for place, accept, status, kind in (("/rendered", "image/png;q=0.2, image/jpeg;q=0.9", 200, "image/jpeg"), ("/rendered", "image/jpeg;q=0.2, image/png;q=0.9", 200, "image/png"),
                                            ("/rendered", "image/webp, */*;q=0.1", 200, "image/jpeg"), ("/rendered", "image/jpeg;q=0", 406, "application/problem+json"),
                                            ("/rendered", "image/jpeg;q=0, image/*", 200, "image/png"), ("/rendered", "image/*;q=0, */*", 406, "application/problem+json"),
                                            ("/metadata", "application/dicom+json;q=0, */*", 406, "application/problem+json"), ("", "application/dicom;q=0, */*", 406, "application/problem+json"),
                                            ("", f"{unknown}, {any_object};q=0.1", 200, "multipart/related"), ("", unknown, 406, "application/problem+json"), ("", "*/*;q=0", 406, "application/problem+json"),
                                            ("/metadata?accept=application/dicom+json", "text/html", 200, "application/dicom+json")):
            with self.subTest(place=place, accept=accept):
                answered, headers, _ = get(address + place, accept)
                self.assertEqual((answered, headers["content-type"].split(";")[0]), (status, kind))

    def test_what_cannot_be_given_is_said(self):
        head, _ = self.head()
        server, _ = self.server(head)
        address, _ = self.instances(server)[0]
        for path, accept, expected in (("", 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.201', 406), ("", "text/html", 406),
                                       ("/frames/0", "*/*", 400), ("/frames/1,", "*/*", 400), ("/frames/99999", "*/*", 404), ("/frames/-1", "*/*", 400),
                                       ("/metadata", "application/dicom+xml", 406), ("/../../metadata", "*/*", 404)):
            with self.subTest(path=path, accept=accept):
                status, _, body = get(address + path, accept)
                self.assertEqual(status, expected, body)
        self.assertEqual(get(address.replace("/series/", "/series/1"))[0], 404)


if __name__ == "__main__":
    main()
