#!/usr/bin/env python3
"""Everything is found: by DICOMweb, by DCMTK, and by Orthanc, whatever the attribute."""
import json
import re
import urllib.parse
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

from case import Orthanc, Scenario, in_both_shapes, main, store, tool
from lab import http, http_json

NATIVE = "{http://dicom.nema.org/PS3.19/models/NativeDICOM}"
# What OHIF 3.13 asks for (its list of studies, the priors of a patient, the series of a study).
OHIF_LIST = "limit=101&offset=0&fuzzymatching=false&includefield=00081030,00080060,00080061,00200010"


def value(item, tag):
    """The first value of an attribute in DICOM JSON; None where it has none."""
    found = item.get(tag, {}).get("Value", [None])[0]
    return found.get("Alphabetic", found.get("Ideographic")) if isinstance(found, dict) else found

# Four studies of an image each: name, patient, day, time, modality, accession number, step of the schedule.
STUDIES = {"2.25.41": ("M\u00fcller^J\u00fcrgen", "P1", "20260101", "081500", "MR", "ACC1", "SPS1"), "2.25.42": ("Smith^Mary", "P2", "20260102", "120000", "CT", "ACC2", "SPS2"),
           "2.25.43": ("Smithers^Bob", "P3", "20260103", "163000", "MR", "ACC3", ""), "2.25.44": ("Smith^Mary", "P2", "20260201", "090000", "US", "ACC4", "")}
# What is asked for, and which of them it finds.
MATCHING = [("PatientName", "*smi*", "234"), ("PatientName", "smith^mary", "24"), ("PatientName", "MULLER^JURGEN", "1"), ("PatientName", "*ithe?s^b*", "3"), ("PatientName", "smith", ""),
            ("PatientName", "*", "1234"), ("PatientName", "", "1234"), ("PatientID", "P2", "24"), ("PatientID", "P?", "1234"), ("PatientID", "p2", ""), ("AccessionNumber", "ACC3", "3"),
            ("StudyDate", "20260102", "2"), ("StudyDate", "20260102-20260103", "23"), ("StudyDate", "20260103-", "34"), ("StudyDate", "-20260101", "1"), ("StudyTime", "0800-1200", "124"),
            ("ModalitiesInStudy", "MR", "13"), ("ModalitiesInStudy", r"MR\US", "134"), ("ModalitiesInStudy", "?T", "2"), ("StudyInstanceUID", r"2.25.41\2.25.44\9.9", "14")]


@in_both_shapes
class Find(Scenario):
    def ask(self, server, path, **parameters):
        query = urllib.parse.urlencode({**parameters})
        return http_json(f"{server.url}/dicom-web/{path}?{query}")

    def test_every_object_of_the_corpus_is_found_by_what_it_holds(self):
        server = self.holding(self.corpus(""))
        studies = self.ask(server, "studies", includefield="all")
        self.assertGreater(len(studies), 5)
        self.assertEqual(len(studies), server.get("/v1/storage")["studies"])
        keys = {"00100010": "PatientName", "00100020": "PatientID", "00080020": "StudyDate", "00080050": "AccessionNumber",
                "00081030": "StudyDescription", "00080061": "ModalitiesInStudy", "0020000D": "StudyInstanceUID", "00100030": "PatientBirthDate"}
        asked = 0
        for study in studies:
            uid = value(study, "0020000D")
            for tag, keyword in keys.items():
                held = value(study, tag)
                if not held or "*" in held or "?" in held:
                    continue
                asked += 1
                with self.subTest(uid=uid, keyword=keyword):
                    self.assertIn(uid, [value(s, "0020000D") for s in self.ask(server, "studies", **{keyword: held})])
            series = self.ask(server, f"studies/{uid}/series")
            self.assertEqual(len(series), value(study, "00201206"))
            instances = self.ask(server, f"studies/{uid}/instances")
            self.assertEqual(len(instances), value(study, "00201208"))
            self.assertEqual(sum(value(s, "00201209") for s in series), len(instances))
        self.assertGreater(asked, 30)

    def small_studies(self):
        """STUDIES as files, by DCMTK's dump2dcm."""
        folder = self.folder / "small"
        folder.mkdir()
        for uid, (name, patient, day, time, modality, accession, step) in STUDIES.items():
            items = f"(fffe,e000) na\n(0040,0009) SH [{step}]\n(fffe,e00d) na\n" if step else ""
            text = (f"(0008,0005) CS [ISO_IR 192]\n(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]\n(0008,0018) UI [{uid}.1.1]\n(0008,0020) DA [{day}]\n(0008,0030) TM [{time}]\n"
                    f"(0008,0050) SH [{accession}]\n(0008,0060) CS [{modality}]\n(0010,0010) PN [{name}]\n(0010,0020) LO [{patient}]\n(0020,000d) UI [{uid}]\n"
                    f"(0020,000e) UI [{uid}.1]\n(0020,0013) IS [1]\n(0040,0275) SQ\n{items}(fffe,e0dd) na\n")
            (folder / f"{uid}.txt").write_text(text)
            tool("dump2dcm", "-q", folder / f"{uid}.txt", folder / f"{uid}.dcm")
        return folder

    def test_each_kind_of_matching_finds_the_same_by_qido_and_by_c_find(self):
        server = self.holding(self.small_studies())
        for keyword, asked, expected in MATCHING:
            with self.subTest(keyword=keyword, asked=asked):
                uids = {f"2.25.4{n}" for n in expected}
                self.assertEqual({value(s, "0020000D") for s in self.ask(server, "studies", **{keyword: asked})}, uids)
                said = self.findscu(server, "STUDY", f"{keyword}={asked}", *(["StudyInstanceUID"] if keyword != "StudyInstanceUID" else []), extra=("-to", "30"))
                self.assertEqual(set(re.findall(r"\(0020,000d\) UI \[([0-9.]+)", said.partition("Find Response:")[2])), uids)
        found = lambda path, **keys: [value(s, "0020000D") for s in self.ask(server, path, **keys)]
        self.assertEqual(set(found("studies", PatientName="mar smi", fuzzymatching="true")), {"2.25.42", "2.25.44"})
        self.assertEqual(set(found("studies", StudyDate="20260101-20260103", StudyTime="0900-1500")), {"2.25.42"}, "a date and its time are one range")
        self.assertEqual(set(found("series", **{"RequestAttributesSequence.ScheduledProcedureStepID": "SPS*"})), {"2.25.41", "2.25.42"})
        said = self.findscu(server, "SERIES", "StudyInstanceUID", "RequestAttributesSequence[0].ScheduledProcedureStepID=SPS2")
        self.assertEqual(set(re.findall(r"\(0020,000d\) UI \[([0-9.]+)", said.partition("Find Response:")[2])), {"2.25.42"})
        self.assertEqual(set(found("studies/2.25.41/instances", SOPInstanceUID="2.25.41.1.1,2.25.42.1.1")), {"2.25.41"})
        every = found("studies")
        self.assertEqual([uid for n in range(5) for uid in found("studies", limit="1", offset=str(n))], every)
        self.assertEqual([found("studies", limit="3"), found("studies", limit="3", offset="3")], [every[:3], every[3:]])
        [plain], [more], [all_of_it] = (self.ask(server, "studies", StudyInstanceUID="2.25.41", **keys) for keys in ({}, {"includefield": "SOPClassesInStudy,00081030"}, {"includefield": "all"}))
        self.assertEqual(set(more) - set(plain), {"00080062", "00081030"})
        self.assertLess(set(more), set(all_of_it))

    def test_names_are_found_in_every_character_set(self):
        server = self.holding(self.corpus("pydicom-charsets"))
        names = {value(s, "00100010") for s in self.ask(server, "studies")}
        for written, asked in (("Yamada^Tarou", "YAMADA*"), ("Hong^Gildong", "*gildong"), ("Buc^Jérôme", "buc^jerome"), ("Äneas^Rüdiger", "*rudig*")):
            self.assertIn(written, names)
            self.assertIn(written, [value(s, "00100010") for s in self.ask(server, "studies", PatientName=asked)], asked)
        self.assertTrue(self.ask(server, "studies", PatientName="*山田*"))
        self.assertTrue(self.ask(server, "studies", PatientName="taro", fuzzymatching="true"))

    def test_ohif_gets_what_it_asks_for(self):
        head, study = self.head()
        server = self.holding(head)
        found = http_json(f"{server.url}/dicom-web/studies?{OHIF_LIST}")
        self.assertEqual([value(s, "0020000D") for s in found], [study])
        patient, name = value(found[0], "00100020"), value(found[0], "00100010")
        for query in (f"PatientName=*{urllib.parse.quote(name[:4])}*&{OHIF_LIST}", f"00100020={patient}&{OHIF_LIST}", f"ModalitiesInStudy=MR&{OHIF_LIST}",
                      f"StudyInstanceUID={study}&{OHIF_LIST}", f"00100020={patient}", f"StudyDate=19000101-20991231&{OHIF_LIST}"):
            self.assertEqual([value(s, "0020000D") for s in http_json(f"{server.url}/dicom-web/studies?{query}")], [study], query)
        [series] = http_json(f"{server.url}/dicom-web/studies/{study}/series?includefield=00080021,00080031,0008103E,00200011")
        self.assertEqual((value(series, "00080060"), value(series, "00201209")), ("MR", 181))
        self.assertTrue(value(series, "00081190").startswith(f"{server.url}/dicom-web/studies/{study}/series/"))

    def test_xml_says_the_same_as_json(self):
        head, study = self.head()
        server = self.holding(head)
        request = urllib.request.Request(f"{server.url}/dicom-web/studies", headers={"Accept": 'multipart/related; type="application/dicom+xml"'})
        with urllib.request.urlopen(request) as reply:
            kind, body = reply.headers["Content-Type"], reply.read()
        boundary = re.search(r"boundary=(\S+)", kind)[1]
        [part] = body.decode().split(f"--{boundary}")[1:-1]
        model = ElementTree.fromstring(part.split("\r\n\r\n", 1)[1].strip())
        held = {a.get("tag"): "".join(a.itertext()) for a in model.findall(f"{NATIVE}DicomAttribute")}
        [item] = self.ask(server, "studies")
        self.assertEqual(set(held), set(item))
        self.assertEqual(held["0020000D"], study)
        self.assertEqual(held["00201208"], "181")

    def findscu(self, server, level, *keys, model="-S", extra=()):
        """What DCMTK's findscu says."""
        words = [w for key in (f"QueryRetrieveLevel={level}", *keys) for w in ("-k", key)]
        done = tool("findscu", "-v", model, "-aec", "LARMOR", "-aet", "READER", *extra, *words, "127.0.0.1", server.dicom_port, check=False)
        return done.stdout + done.stderr

    def test_dcmtk_finds_studies_series_images_and_patients(self):
        head, study = self.head()
        server = self.holding(head, self.corpus("pydicom-charsets"))
        said = self.findscu(server, "STUDY", f"StudyInstanceUID={study}", "PatientName", "NumberOfStudyRelatedInstances", "ModalitiesInStudy")
        self.assertIn("[181", said)
        self.assertIn("[MR", said)
        self.assertIn("Success", said)
        said = self.findscu(server, "SERIES", f"StudyInstanceUID={study}", "SeriesInstanceUID", "Modality=MR", "NumberOfSeriesRelatedInstances")
        self.assertIn("[181", said)
        said = self.findscu(server, "IMAGE", f"StudyInstanceUID={study}", "SOPInstanceUID", "InstanceNumber")
        self.assertIn("Find Response: 181 (Pending)", said)
        said = self.findscu(server, "PATIENT", "PatientName=*tarou", "PatientID", model="-P")
        self.assertIn("Yamada^Tarou", said)
        said = self.findscu(server, "STUDY", "PatientName=yamada*", "StudyInstanceUID")
        self.assertIn("Yamada^Tarou", said)

    def test_dcmtk_may_cancel_and_hears_what_is_wrong(self):
        head, study = self.head()
        server = self.holding(head)
        said = self.findscu(server, "IMAGE", f"StudyInstanceUID={study}", "SOPInstanceUID", extra=("--cancel", "3"))
        self.assertNotIn("Find Response: 181 (Pending)", said)
        self.assertIn("MatchingTerminatedDueToCancelRequest", said)
        said = self.findscu(server, "STUDY", "StudyDate=soon")
        self.assertIn("DataSetDoesNotMatchSOPClass", said)
        said = self.findscu(server, "PATIENT", "PatientID=*")  # no level of the study root
        self.assertIn("DataSetDoesNotMatchSOPClass", said)
        said = self.findscu(server, "STUDY", f"StudyInstanceUID={study}")
        self.assertIn("Success", said)

    def test_orthanc_finds_by_dimse_and_by_dicomweb(self):
        head, study = self.head()
        server = self.holding(head)
        plugin = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
        settings = {"Plugins": [str(plugin)], "DicomWeb": {"Enable": True, "Servers": {"larmor": [f"{server.url}/dicom-web/"]}}} if plugin.exists() else {}
        orthanc = self.start(Orthanc(self.folder / "orthanc", {"larmor": ("LARMOR", server.dicom_port)}, settings=settings))
        asked = http_json(f"{orthanc.url}/modalities/larmor/query", {"Level": "Study", "Query": {"StudyInstanceUID": "", "PatientName": "*", "ModalitiesInStudy": "MR"}})
        [answer] = http_json(f"{orthanc.url}{asked['Path']}/answers?expand&simplify")
        self.assertEqual((answer["StudyInstanceUID"], answer["ModalitiesInStudy"]), (study, "MR"))
        if not settings:
            self.skipTest("Orthanc's DICOMweb plugin is not installed (orthanc-dicomweb)")
        for uri, tag in (("/studies", "0020000d"), (f"/studies/{study}/series", "0020000e"), (f"/studies/{study}/instances", "00080018")):
            found = http_json(f"{orthanc.url}/dicom-web/servers/larmor/qido", {"Uri": uri, "Arguments": {"limit": "10", "PatientName": "*"}})
            self.assertEqual(len(found), 10 if "instances" in uri else 1, uri)
            self.assertIn(tag, {k.lower() for k in found[0]})

    def test_nonsense_gets_400_with_the_name_of_the_parameter(self):
        server = self.holding()
        for parameter, said in (("limit", "none"), ("limit", "-1"), ("limit", "0"), ("offset", "x"), ("offset", "-1"), ("fuzzymatching", "perhaps"), ("StudyDate", "soon"), ("StudyDate", "20261340"),
                                ("StudyTime", "99"), ("PatientNam", "x"), ("0010001", "x"), ("StudyInstanceUID", "a/b"), ("includefield", "nonsense"), ("Modality", "MR"), ("%00", "x"),
                                ("StudyDate.x", "1"), ("PatientName", "a" * 5000), ("StudyInstanceUID", ",".join(["1.2"] * 1500))):
            with self.subTest(parameter=parameter, said=said[:20]):
                status, body = http(f"{server.url}/dicom-web/studies?{parameter}={said}")
                self.assertEqual(status, 400, body[:300])
                self.assertEqual(json.loads(body)["pointer"], urllib.parse.unquote(parameter), body[:300])
        for query in ("PatientName=%22%20OR%20%22", "PatientName=';DROP TABLE study;--", "PatientName=*%C3%28*", "PatientName=" + "*a" * 400, "PatientName=%22%22%22", "PatientID=" + "?" * 500,
                      "PatientName=NEAR(&fuzzymatching=true", "PatientName=---&fuzzymatching=true", "00400275.00400009=*"):
            with self.subTest(query=query[:40]):
                level = "series" if query.startswith("0040") else "studies"
                self.assertEqual(http(f"{server.url}/dicom-web/{level}?{query.replace(' ', '%20')}")[0], 200)
        self.assertEqual(http(f"{server.url}/dicom-web/studies?=x")[0], 400)
        self.assertEqual(http(f"{server.url}/dicom-web/studies")[0], 200, "and it still answers")


if __name__ == "__main__":
    main()
