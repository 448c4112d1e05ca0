"""The tables of this folder from their sources, as the authors publish them.

  python3 tables.py FOLDER      FOLDER holds nomis_coefficients.csv, NOMIS_LICENSE and nichart_centiles/

nomis.csv: one row per structure that Larmor measures. Of NOMIS' terms those of the person stay: age, sex, head size. Those of the
image have no counterpart in another method and are put at a fixed place: voxels of 1 mm3, mean surface holes and contrast. `scanner` is
the mean of the six scanner terms (three makers, 1.5 and 3 T), and `scanner_sd` how far they lie apart.
nichart.csv: only structures whose medians agree with NOMIS', every fifth year, in ml; modified by that choice alone.
"""
import csv
import itertools
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
LOGARITHMIC = ("ventricles", "3rd-ventricle", "lateral-ventricle", "inf-lat-vent")
PAIRED = {(2, 41): "{}hcerebralwhitemattervol", (3, 42): "{}hcortexvol", (4, 43): "{}-lateral-ventricle", (5, 44): "{}-inf-lat-vent",
          (7, 46): "{}-cerebellum-white-matter", (8, 47): "{}-cerebellum-cortex", (10, 49): "{}-thalamus-proper",
          (11, 50): "{}-caudate", (12, 51): "{}-putamen", (13, 52): "{}-pallidum", (17, 53): "{}-hippocampus", (18, 54): "{}-amygdala",
          (26, 58): "{}-accumbens-area", (28, 60): "{}-ventraldc"}
SINGLE = {16: "brain-stem", 14: "3rd-ventricle", 15: "4th-ventricle"}
SUMS = {"brain": "brainsegvolnotvent", "cerebral cortex": "cortexvol", "cerebral white matter": "cerebralwhitemattervol",
        "ventricles": "ventricles"}
TERMS = ("age", "age2", "age3", "etiv", "etiv2", "etiv3", "sex_m", "age_x_sex_m", "age_x_etiv", "etiv_x_sex_m")
NICHART = {"left hippocampus": "Hippocampus_L", "right hippocampus": "Hippocampus_R", "left lateral ventricle": "LateralVentricle_L",
           "right lateral ventricle": "LateralVentricle_R", "ventricles": "Ventricles"}
NAMES = {2: "cerebral white matter", 3: "cerebral cortex", 4: "lateral ventricle", 5: "inferior lateral ventricle",
         7: "cerebellum white matter", 8: "cerebellum cortex", 10: "thalamus", 11: "caudate", 12: "putamen", 13: "pallidum",
         17: "hippocampus", 18: "amygdala", 26: "accumbens", 28: "ventral DC", 16: "brainstem", 14: "3rd ventricle", 15: "4th ventricle"}


def regions():
    """(FreeSurfer id, 0 for a sum; name as in calibration.csv; NOMIS' name) of every row."""
    for (left, right), name in PAIRED.items():
        first = ("l", "r") if name.startswith("{}h") and "vol" in name else ("left", "right")
        yield left, NAMES[left], name.format(first[0])
        yield right, NAMES[left], name.format(first[1])
    for i, name in SINGLE.items():
        yield i, NAMES[i], name
    for ours, name in SUMS.items():
        yield 0, ours, name


def scanners(c):
    """What NOMIS adds for each of six scanners: three makers, 3 and 1.5 T."""
    for maker, low in itertools.product(("siemens", "philips", "ge"), (0, 1)):
        yield (c.get(f"manufacturer_{maker}", 0) + low * (c.get("mfs_15", 0) + c.get(f"mfs_15_x_manufacturer_{maker}", 0)))


def nomis(source):
    table = {}
    for r in csv.DictReader((source / "nomis_coefficients.csv").open()):
        if r["group"].startswith("aseg"):
            table.setdefault(r["region"], {})[r["term"]] = float(r["coefficient"])
    with (HERE / "nomis.csv").open("w") as out:
        out.write("# NOMIS: healthy adults, FreeSurfer 6.0. Potvin O, Dieumegarde L, Duchesne S. NOMIS: quantifying morphometric deviation\n"
                  "# from normality over the lifetime of the adult human brain. doi 10.1101/2021.01.25.428063.\n"
                  "# github.com/medicslaboratory/NOMIS, BSD-3-Clause: LICENSE. Made by tables.py: rows and terms chosen, numbers unchanged.\n"
                  "# mm3; log10(mm3) where log10 is 1. age: years - 54.960; etiv: mm3 - 1523160.59; sex_m: 1 for men, 0 for women.\n"
                  f"id,name,log10,intercept,{','.join(TERMS)},scanner,scanner_sd,mse\n")
        for i, name, region in regions():
            c = table[region]
            offsets = np.array(list(scanners(c)))
            numbers = [c["intercept"] + c.get("voxel", 0), *(c.get(t, 0) for t in TERMS), offsets.mean(), offsets.std(), c["mse"]]
            out.write(f"{i},{name},{int(region.endswith(LOGARITHMIC) and region != '4th-ventricle')}," +
                      ",".join(f"{v:.9g}" for v in numbers) + "\n")


def nichart(source):
    with (HERE / "nichart.csv").open("w") as out:
        out.write("# NiChart reference centiles by age and sex, not by head size (DLMUSE, cognitively normal). github.com/CBICA/NiChart_Project.\n"
                  "# Licence: LICENSE.nichart. Modified: five structures, every fifth year, ml; the numbers are the authors'.\n"
                  "name,sex,age,p5,p25,p50,p75,p95\n")
        for sex, file in (("F", "Females"), ("M", "Males")):
            rows = {(r["VarName"], int(r["Age"])): r for r in csv.DictReader((source / f"nichart_centiles/dlmuse_centiles_CN-{file}.csv").open())}
            for ours, theirs in NICHART.items():
                for age in [*range(40, 91, 5), max(a for name, a in rows if name == theirs)]:
                    values = (float(rows[theirs, age][f"centile_{p}"]) / 1000 for p in (5, 25, 50, 75, 95))
                    out.write(f"{ours},{sex},{age}," + ",".join(f"{v:.3f}" for v in values) + "\n")


if __name__ == "__main__":
    nomis(Path(sys.argv[1]))
    nichart(Path(sys.argv[1]))
