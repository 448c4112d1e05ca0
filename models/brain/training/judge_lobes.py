"""How well the lobes of the cortex agree with people and with FreeSurfer.

  python3 judge_lobes.py PROGRAM --manual FOLDER     scans *_SS with manual labels *_glm (Neuromorphometrics)
  python3 judge_lobes.py PROGRAM --fs6 FOLDER        subjects of FreeSurfer 6: mri/brain.mgz and mri/aparc+aseg.mgz

Judging only: the atlas knows none of these. Two figures: Dice of every lobe, which also counts where ours and the other cortex differ, and
the share of the voxels that both call cortex, on the same side, with the same lobe. Neuromorphometrics' gyri are even on the right and odd
on the left; FreeSurfer's are 1000 and more on the left, 2000 on the right. Which gyrus is of which lobe: FreeSurfer's as its wiki
(CorticalParcellation) has it, the cingulate apart.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from calibrate import read_mgz
from evaluate import dice
from volumes import read_nifti, write_nifti

LOBES = ("frontal", "parietal", "temporal", "occipital", "cingulate", "insula")                  # 1 to 6, as in lobes.nii.gz
RIGHT = 10
NEUROMORPHOMETRICS = (
    (104, 112, 118, 120, 124, 136, 140, 142, 146, 150, 152, 162, 164, 178, 182, 186, 190, 192, 204),
    (106, 148, 168, 174, 176, 194, 198), (116, 122, 132, 154, 170, 180, 184, 200, 202, 206),
    (108, 114, 128, 134, 144, 156, 160, 196), (100, 138, 166), (102, 172))
FREESURFER = ((3, 12, 14, 17, 18, 19, 20, 24, 27, 28, 32), (8, 22, 25, 29, 31), (1, 6, 7, 9, 15, 16, 30, 33, 34), (5, 11, 13, 21),
              (2, 10, 23, 26), (35,))


def manual_lobes(labels):
    table = np.zeros(256, np.uint8)
    for lobe, gyri in enumerate(NEUROMORPHOMETRICS, 1):
        for g in gyri:
            table[g], table[g + 1] = lobe + RIGHT, lobe
    return table[labels.astype(np.uint8)]


def freesurfer_lobes(labels):
    table = np.zeros(3000, np.uint8)
    for lobe, gyri in enumerate(FREESURFER, 1):
        for g in gyri:
            table[1000 + g], table[2000 + g] = lobe, lobe + RIGHT
    return table[np.clip(labels, 0, 2999).astype(int)]


def scans(a):
    """Name, file and true lobes of every scan; a file that is written for it lies in a folder that goes away."""
    for scan in sorted(a.manual.glob("*_SS.nii.gz")) if a.manual else ():
        yield scan.name[:4], scan, manual_lobes(read_nifti(str(scan).replace("_SS", "_glm"))[0])
    for mri in sorted(a.fs6.glob("*/mri")) if a.fs6 else ():
        with tempfile.TemporaryDirectory() as folder:
            write_nifti(Path(folder) / "brain.nii.gz", *read_mgz(mri / "brain.mgz"))
            yield mri.parent.name, Path(folder) / "brain.nii.gz", freesurfer_lobes(read_mgz(mri / "aparc+aseg.mgz")[0])


def our_lobes(program, scan):
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([program.resolve(), "analyse", "brain", scan, "--out", out], check=True, stdout=subprocess.DEVNULL)
        return read_nifti(Path(out) / "lobes.nii.gz")[0].astype(np.uint8)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("program", type=Path)
    a.add_argument("--manual", type=Path)
    a.add_argument("--fs6", type=Path)
    a = a.parse_args()
    rows, volumes, confused = [], [], np.zeros((len(LOBES), len(LOBES)))
    for name, scan, truth in scans(a):
        ours = our_lobes(a.program, scan)
        pairs = [[k, k + RIGHT] for k in range(1, len(LOBES) + 1)]
        rows.append([[dice(ours, truth, v) for v in pair] for pair in pairs])
        volumes.append([[np.isin(q, pair).sum() / 1000 for q in (ours, truth)] for pair in pairs])
        both = (ours > 0) & (truth > 0) & ((ours > RIGHT) == (truth > RIGHT))
        one = np.zeros_like(confused)
        np.add.at(one, (ours[both] % RIGHT - 1, truth[both] % RIGHT - 1), 1)
        confused += one / one.sum()
        print(f"{name}  mean Dice {np.mean(rows[-1]):.3f}, same lobe {np.trace(one) / one.sum():.3f}", flush=True)
    rows, volumes, confused = np.array(rows).mean(2), np.array(volumes), confused / len(rows)
    print(f"{len(rows)} scans: mean Dice {rows.mean():.3f}, same lobe {np.trace(confused):.3f}")
    print("| lobe | Dice | lowest | ours ml | other ml | r |\n|---|---|---|---|---|---|")
    for k, lobe in enumerate(LOBES):
        r = np.corrcoef(volumes[:, k].T)[0, 1] if len(rows) > 2 else np.nan
        ours, truth = volumes[:, k].mean(0)
        print(f"| {lobe} | {rows[:, k].mean():.3f} | {rows[:, k].min():.3f} | {ours:.1f} | {truth:.1f} | {r:.2f} |")
    print("per thousand voxels, ours down, the other's across:")
    print("\n".join(f"{lobe:10s}" + "".join(f"{1000 * v:7.1f}" for v in row) for lobe, row in zip(LOBES, confused)))


if __name__ == "__main__":
    main()
