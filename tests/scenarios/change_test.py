#!/usr/bin/env python3
"""Two visits of one head, as NIfTI and as DICOM: every output tells the same change, and that the second visit is made up."""
import json
import re
import tempfile
import unittest
from pathlib import Path

from case import ROOT, larmor, main, real_head, tool

LOSS = -1.5


class Change(unittest.TestCase):
    """One analysis of each form for all tests: an analysis takes most of a minute."""

    @classmethod
    def setUpClass(cls):
        kept = tempfile.TemporaryDirectory(prefix="larmor-")
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        second = cls.folder / "second.nii.gz"
        cls.truth = json.loads(larmor("simulate", "atrophy", real_head(), "--brain-change-percent", LOSS, "--seed", 7, "--out", second).stdout)
        person = ("--patient-name", "Doe^Jane", "--patient-id", "P-1", "--birth-date", "19540101", "--sex", "F", "--json")
        studies = {}
        for name, image, date in (("dicom1", real_head(), "20230302"), ("dicom2", second, "20250302")):
            told = larmor("dicomize", image, "--out", cls.folder / name, "--study-date", date, "--seed", name, *person)
            studies[name] = json.loads(told.stdout)["study"]
        cls.prior_study = studies["dicom1"]
        cls.nifti = cls.analysed("nifti", second, real_head(), "--prior-months", 24, "--age", 71, "--sex", "F")
        cls.dicom = cls.analysed("dicom", cls.folder / "dicom2", cls.folder / "dicom1")

    @classmethod
    def analysed(cls, name, image, prior, *options):
        out = cls.folder / f"out-{name}"
        return json.loads(larmor("analyse", "brain", image, "--prior", prior, "--out", out, "--json", *options).stdout)["findings"]

    def figures(self, form="dicom"):
        return {s["name"]: s for s in getattr(self, form)["change"]["structures"]}

    def report(self, form, order="-layout"):
        return tool("pdftotext", order, self.folder / f"out-{form}/report.pdf", "-").stdout.replace("−", "-")

    def test_finds_the_loss_that_was_simulated(self):
        self.assertAlmostEqual(self.nifti["change"]["pbvc_percent"], self.truth["pbvc_percent"], delta=0.35)

    def test_nifti_and_the_dicom_made_from_it_give_the_same_figures(self):
        for name, s in self.figures("nifti").items():
            for figure in ("percent", "first_ml", "second_ml"):
                other = self.figures()[name][figure]
                self.assertAlmostEqual(s[figure], other, delta=max(0.05, 0.0005 * abs(other)), msg=f"{name} {figure}")
        self.assertEqual(self.nifti["change"]["ageing"]["verdict"], self.dicom["change"]["ageing"]["verdict"])

    def test_the_structured_report_says_what_the_json_says(self):
        text = tool("dsrdump", "+Pl", self.folder / "out-dicom/sr.dcm").stdout
        told = [float(v) for v in re.findall(r'"(?:Percentage brain volume change|Percent change of volume)"\)="(-?[\d.]+)"', text)]
        self.assertEqual(told, [s["percent"] for s in self.figures().values()])
        yearly = [float(v) for v in re.findall(r'"Percent change of volume per year"\)="(-?[\d.]+)"', text)]
        self.assertEqual(yearly, [s["per_year_percent"] for s in self.figures().values()])
        self.assertIn(self.dicom["change"]["ageing"]["words"], text)
        self.assertIn(self.prior_study, text)

    def test_the_page_says_what_the_json_says(self):
        for form in ("nifti", "dicom"):
            text = self.report(form)
            for name, s in self.figures(form).items():
                row = next(line for line in text.splitlines() if re.match(rf"\s*{name.capitalize()}\s+\d.*%?.*[+-]\d", line))
                numbers = [float(n) for n in re.findall(r"[+-]\d+\.\d\d", row)]
                self.assertEqual(len(numbers), 2, row)
                for number, figure in zip(numbers, ("percent", "per_year_percent")):
                    self.assertAlmostEqual(number, s[figure], delta=0.0051, msg=row)  # the JSON is rounded too
            verdict = getattr(self, form)["change"]["ageing"]["verdict"]
            first, second = " ".join(self.report(form, "-raw").lower().split()).split("page 1 of 2")
            self.assertIn(verdict, first, "findings come first")
            self.assertIn("page 2 of 2", second)

    def test_the_observations_say_what_the_json_says(self):
        for form in ("nifti", "dicom"):
            bundle = json.loads((self.folder / f"out-{form}/observations.json").read_text())
            told = {o["resource"]["code"]["text"]: o["resource"]["valueQuantity"]["value"] for o in bundle["entry"]}
            for name, s in self.figures(form).items():
                self.assertEqual(told[f"Change since the earlier scan: {name}"], s["percent"])
            for v in getattr(self, form)["volumes"]:
                side = "" if v["side"] == "middle" else v["side"] + " "
                self.assertEqual(told[f"Volume: {side}{v['name']}"], v["ml"])

    def test_the_observations_are_valid_fhir(self):
        validator = ROOT / "web/node_modules/fhir"
        if not validator.exists():
            self.skipTest("web/node_modules is absent: run npm ci --prefix web")
        files = [self.folder / f"out-{form}/observations.json" for form in ("nifti", "dicom")]
        told = tool("node", ROOT / "tests/scenarios/fhir_validate.mjs", *files).stdout
        self.assertEqual(told.count(": valid"), 2, told)

    def test_every_output_says_that_the_second_visit_is_simulated(self):
        for form in ("nifti", "dicom"):
            self.assertIn("simulated", [flag["code"] for flag in getattr(self, form)["flags"]])
            self.assertEqual(self.report(form).count("Simulated: this scan is made up"), 3, "two headings and a quality flag")
            self.assertIn("simulated: this scan is made up", (self.folder / f"out-{form}/observations.json").read_text())
        for file in sorted((self.folder / "out-dicom").glob("*.dcm")):
            self.assertIn("(SIMULATED)", tool("dcmdump", "+P", "StudyDescription", file).stdout, file.name)
        self.assertIn("simulated: this scan is made up", tool("dsrdump", "+Pl", self.folder / "out-dicom/sr.dcm").stdout)


if __name__ == "__main__":
    main()
