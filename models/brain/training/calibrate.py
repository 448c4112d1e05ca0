"""How Larmor's volumes relate to FreeSurfer's, for the comparison with norms that FreeSurfer measured.

  python3 calibrate.py PROGRAM --images 40 --fs6 FOLDER --out ../norms/calibration.csv

Two sources, and neither is enough alone. Painted: T1-like whole heads from the label maps, measured by the program PROGRAM and compared
with the labels that were painted, training maps and held-out maps apart: many heads, exact labels, but no real image, and the labels'
voxels are counted where FreeSurfer 6 uses surfaces and partial volumes. Real: subjects of FreeSurfer 6 (mri/brain.mgz, stats/aseg.stats):
the norms' own method, but few, and skull-stripped. The factor is their geometric mean, and half of what divides them is part of its
error. A longer run is a larger --images.

Columns, one row for both sides of a structure and for sums, each ratio FreeSurfer's volume over ours: `ratio` the factor; `error` what a centile must
allow for, a standard deviation of ln(volume), sqrt(s^2 + (ln(fs6 / painted) / 2)^2) with s the larger of both spreads; `painted` geometric mean of all painted images;
`spread` the standard deviation of ln(ratio) among them; `training`, `held_out` the two kinds of maps alone; `fs6`
and `fs6_spread` the same of the real images.
"""
import argparse
import csv
import gzip
import json
import re
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

from structures import CLASS_OF, CLASSES, CSF, NAMES, STRUCTURES
from synth import ALL_MAPS, HELD_OUT, Synth
from train import HERE, LABELS
from volumes import read_nifti, to_ras, write_nifti

SIDE = 208                                                  # mm: a whole brain however it was turned and stretched
MEASURED = [c for c in range(1, CLASSES) if c != CSF]
VENTRICLES = [NAMES.index(n) for n in ("lateral ventricle", "inferior lateral ventricle", "3rd ventricle", "4th ventricle")]
INTRACRANIAL, BRAIN, ALL_VENTRICLES = "intracranial", "brain", "ventricles"
# What stats/aseg.stats calls the volumes that are not in its table. FreeSurfer's brain has no brainstem.
SUMMARY = {"cerebral white matter": "CerebralWhiteMatter", "cerebral cortex": "Cortex", BRAIN: "BrainSegNotVent",
           INTRACRANIAL: "EstimatedTotalIntraCranialVol"}


def measure(program, image, affine):
    """Volumes in ml that the program finds in an image (X, Y, Z), by FreeSurfer id, or None if it refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        scan, out = Path(folder) / "image.nii", Path(folder) / "out"
        write_nifti(scan, image, affine)
        done = subprocess.run([program.resolve(), "analyse", "brain", scan, "--out", out], capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip().splitlines()[0], flush=True)
            return None
        return {int(r["id"]): float(r["ml"]) for r in csv.DictReader((out / "volumes.csv").open())}


def with_sums(volume):
    """Volumes by name of structure, both sides together, with the sums that have a norm of their own added."""
    volume[ALL_VENTRICLES] = sum(volume[NAMES[c]] for c in VENTRICLES)
    volume[BRAIN] = sum(volume[NAMES[c]] for c in MEASURED) - volume[ALL_VENTRICLES]
    return volume


def by_name(ids):
    """Volumes by FreeSurfer id, 0 for the intracranial one -> by name of structure."""
    volume = {STRUCTURES[c][0]: sum(ids.get(i, 0) for i in STRUCTURES[c][1:] if i is not None) for c in MEASURED}
    return with_sums(volume | {INTRACRANIAL: ids.get(0, 0)})


def plexus_free(number, labels):
    """Share of each class in a map that FreeSurfer's structure of that name has: the network's ventricles hold the choroid plexus."""
    ids, counts = np.unique(read_nifti(labels / f"maps/training_seg_{number:02d}.nii.gz")[0].astype(int), return_counts=True)
    count = dict(zip(ids, counts))
    share = np.ones(CLASSES)
    for left, right in ((4, 43), (5, 44)):
        c = CLASS_OF[left]
        share[c] = (count[left] + count[right]) / sum(n for i, n in count.items() if CLASS_OF.get(i) == c)
    return share


def painted(program, labels, images, seed):
    """Rows of (map, ours, the labels') volumes; the labels' intracranial volume is all that is inside of the outer CSF."""
    maps = [m for pair in zip(ALL_MAPS, [*HELD_OUT] * len(ALL_MAPS)) for m in pair]            # half of the images from held-out maps
    for number in range(images):
        which = maps[number % len(maps)]
        synth = Synth(labels, maps=[which], t1=1.0, stripped=0.0)
        image, target = (t[0].numpy() for t in synth.patches(number, SIDE, 1, seed=seed, centre=(0.0, 0.0, -8.0)))
        ours = measure(program, (image * 85).round(), np.eye(4))
        if ours is None:
            continue
        count = np.bincount(target.ravel(), minlength=CLASSES) / 1000
        kept = count * plexus_free(which, labels)
        truth = with_sums({NAMES[c]: kept[c] for c in MEASURED} | {INTRACRANIAL: count[1:].sum()})
        truth[BRAIN] -= truth["brainstem"]
        print(f"image {number}, map {which:02d}: intracranial {ours[0]:.0f} ml, painted {truth[INTRACRANIAL]:.0f} ml", flush=True)
        yield which, by_name(ours), truth


def read_mgz(path):
    """Image (X, Y, Z) in RAS+ and its affine (4, 4), from FreeSurfer's MGH format, version 1."""
    raw = gzip.decompress(path.read_bytes())
    shape, kind = struct.unpack(">3i", raw[4:16]), {0: ">u1", 1: ">i4", 3: ">f4", 4: ">i2"}[struct.unpack(">i", raw[20:24])[0]]
    sizes, directions = np.frombuffer(raw, ">f4", 3, 30), np.frombuffer(raw, ">f4", 9, 42).reshape(3, 3).T
    affine = np.eye(4)
    affine[:3, :3] = directions * sizes
    affine[:3, 3] = np.frombuffer(raw, ">f4", 3, 78) - affine[:3, :3] @ (np.array(shape) / 2)
    array = np.frombuffer(raw, kind, int(np.prod(shape)), 284).reshape(shape, order="F").astype(np.float32)
    return to_ras(array, affine)[:2]


def freesurfer(program, folder):
    """Pairs of (ours, FreeSurfer's) volumes of the subjects in a folder."""
    for subject in sorted(p for p in folder.iterdir() if (p / "stats/aseg.stats").exists()):
        stats = (subject / "stats/aseg.stats").read_text()
        ids = {int(r.split()[1]): float(r.split()[3]) / 1000 for r in stats.splitlines() if r and r[0] != "#"}
        truth = by_name(ids)
        for name, measure_name in SUMMARY.items():
            truth[name] = float(re.search(rf"Measure {measure_name}, .*, ([\d.]+), mm", stats)[1]) / 1000
        ours = measure(program, *read_mgz(subject / "mri/brain.mgz"))
        if ours is not None:
            yield by_name(ours), truth


def mean_ratio(pairs, name):
    """Geometric mean of truth / ours of a structure and the spread of its logarithm; structures that were not found do not count."""
    logs = [np.log(truth[name] / ours[name]) for ours, truth in pairs if truth[name] > 0 and ours[name] > 0]
    return (np.exp(np.mean(logs)), np.std(logs, ddof=1) if len(logs) > 1 else np.nan) if logs else (np.nan, np.nan)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("program", type=Path, help="larmor")
    a.add_argument("--labels", default=LABELS, type=Path, help="folder with maps/ and priors/")
    a.add_argument("--fs6", type=Path, required=True, help="folder of FreeSurfer 6 subjects")
    a.add_argument("--images", default=40, type=int)
    a.add_argument("--seed", default=20_011, type=int)
    a.add_argument("--threads", default=2, type=int)
    a.add_argument("--out", type=Path, required=True)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    real = list(freesurfer(a.program, a.fs6))
    images = list(painted(a.program, a.labels, a.images, a.seed))
    if not real or not images:
        raise SystemExit("the program measured nothing: see its words above")
    held_out = [(o, t) for m, o, t in images if m in HELD_OUT]
    training = [(o, t) for m, o, t in images if m not in HELD_OUT]
    with a.out.open("w") as file:
        file.write(f"# model {json.loads((HERE.parent / 'manifest.json').read_text())['version']}\n"
                   f"# FreeSurfer's volume over Larmor's: {len(training)} painted images of training maps, {len(held_out)} of maps 04, 12, 18,\n"
                   f"# seed {a.seed}; fs6: {len(real)} scans of one person (BSD-3, NOMIS). Columns: ../training/calibrate.py\n"
                   "name,ratio,error,painted,spread,training,held_out,fs6,fs6_spread\n")
        for name in [*(NAMES[c] for c in MEASURED), BRAIN, ALL_VENTRICLES, INTRACRANIAL]:
            all_painted, spread = mean_ratio(training + held_out, name)
            fs6, fs6_spread = mean_ratio(real, name)
            parts = [mean_ratio(p, name)[0] for p in (training, held_out)]
            ratio, error = np.sqrt(all_painted * fs6), np.hypot(np.fmax(spread, fs6_spread), np.log(fs6 / all_painted) / 2)
            file.write(",".join([name, *(f"{v:.4f}" for v in (ratio, error, all_painted, spread, *parts, fs6, fs6_spread))]) + "\n")


if __name__ == "__main__":
    main()
