"""The two volumes of this folder, from points.csv and the MNI152 template.

  larmor analyse brain TEMPLATE_T1.nii.gz --out FOLDER
  python3 make_atlas.py TEMPLATE_T1.nii.gz FOLDER/labels.nii.gz

The template is symmetric, so both halves are laid on each other and one half is worked on. Every voxel of the cortex gets the lobe of the
point that is nearest along a way through cortex and the white matter below it. Dark voxels, which is what a sulcus is, make the way long: so
the banks of a sulcus go to the gyri that they belong to, and lobes part in the depth of the sulci where there is one.
"""
import csv
import itertools
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))
from structures import MIRROR  # noqa: E402
from volumes import read_nifti, write_nifti  # noqa: E402

LOBES = ("frontal", "parietal", "temporal", "occipital", "cingulate", "insula")     # 1 to 6, as in imaging/structures.cpp
WHITE, CORTEX = 2, 3
DARK, STEEP = 150, 15           # brightness of the template, white matter near 220: below DARK, every STEEP more makes a mm longer
BELOW_MM, DEEP = 6, 3.0         # white matter further from the cortex than this is DEEP times as long
SMOOTH_MM, REACH_MM = 1.0, 4.0  # of the borders, and of the lobes beyond the cortex
MOST_ROUNDS = 200


def shifted(array, step, fill):
    """The array moved by whole voxels; what comes in is `fill`."""
    out = np.full_like(array, fill)
    into = tuple(slice(max(0, s), n + min(0, s)) for s, n in zip(step, array.shape))
    out[into] = array[tuple(slice(max(0, -s), n + min(0, -s)) for s, n in zip(step, array.shape))]
    return out


def halves(template, labels, middle):
    """The mean of both halves, and the left ids of the right one, from the middle outwards."""
    left_id = np.arange(256, dtype=np.uint8)
    for right, left in MIRROR.items():
        left_id[right] = left
    n = min(template.shape[0] - middle, middle + 1)
    right, left = template[middle:middle + n].astype(np.float32), template[middle::-1][:n].astype(np.float32)
    return (right + left) / 2, left_id[labels[middle:middle + n]]


def lengths(template, tissue):
    """How long a mm is in every voxel; infinite outside of cerebral cortex and white matter."""
    near = tissue == CORTEX
    for _ in range(BELOW_MM):
        near = np.max([shifted(near, s, False) for s in itertools.product((-1, 0, 1), repeat=3)], 0)
    out = 1 + (np.clip(DARK - template, 0, None) / STEEP) ** 2
    out[tissue == WHITE] = np.where(near[tissue == WHITE], 1, DEEP)
    out[(tissue != WHITE) & (tissue != CORTEX)] = np.inf
    return out.astype(np.float32)


def spread(length, starts):
    """The start (from 1) whose way to each voxel is shortest. `starts`: (K, 3) in voxels, moved to the nearest voxel of the domain."""
    inside = np.argwhere(np.isfinite(length))
    neighbours = [s for s in itertools.product((-1, 0, 1), repeat=3) if any(s)]
    way, owner = np.full(length.shape, np.inf, np.float32), np.zeros(length.shape, np.int16)
    for k, start in enumerate(starts, 1):
        off = ((inside - start) ** 2).sum(1)
        at = tuple(inside[off.argmin()])
        if np.sqrt(off.min()) < way[at]:
            way[at], owner[at] = np.sqrt(off.min()), k
    for _ in range(MOST_ROUNDS):
        changed = 0
        for step in neighbours:
            mm = np.linalg.norm(step) / 2
            there = shifted(way, step, np.inf) + mm * (length + shifted(length, step, np.inf))
            better = there < way - 1e-4
            way[better], owner[better] = there[better], shifted(owner, step, 0)[better]
            changed += better.sum()
        if not changed:
            return owner
    raise SystemExit(f"ways through the cortex still change after {MOST_ROUNDS} rounds")


def smooth(volume, sigma):
    """Gaussian of `sigma` voxels along every axis; outside is 0."""
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    for axis in range(3):
        volume = sum(k * shifted(volume, np.eye(3, dtype=int)[axis] * int(s), 0)
                     for s, k in zip(range(-reach, reach + 1), kernel / kernel.sum())).astype(np.float32)
    return volume


def widen(lobes):
    """The lobes with smooth borders, and beyond the cortex the one that is nearest on average."""
    narrow, wide = (np.stack([smooth((lobes == k + 1).astype(np.float32), s) for k in range(len(LOBES))]) for s in (SMOOTH_MM, REACH_MM))
    far = np.where(wide.sum(0) > 1e-4, wide.argmax(0) + 1, 0)
    return np.where(narrow.sum(0) > 0.02, narrow.argmax(0) + 1, far).astype(np.uint8)


def main(template_file, labels_file):
    template, affine, _ = read_nifti(template_file)
    labels = read_nifti(labels_file)[0].astype(np.uint8)
    origin = affine[:3, 3].copy()
    middle = int(-origin[0])
    half, tissue = halves(template, labels, middle)
    rows = list(csv.DictReader(line for line in (HERE / "points.csv").open() if not line.startswith("#")))
    starts = np.array([[float(r[k]) for k in "xyz"] for r in rows]) - [0, *origin[1:]]
    lobe_of = np.array([0] + [LOBES.index(r["lobe"]) + 1 for r in rows], np.uint8)
    one_side = lobe_of[spread(lengths(half, tissue), starts)] * (tissue == CORTEX)
    lobes = np.zeros(labels.shape, np.uint8)
    lobes[middle:middle + len(half)] = one_side
    lobes[middle - len(half) + 1:middle + 1] = one_side[::-1]
    for k, name in enumerate(LOBES):
        print(f"{name:10s} {(lobes == k + 1).sum() / 1000:7.1f} ml")
    coarse = affine.copy()
    coarse[:3, :3] *= 2
    for name, volume in (("structures", labels), ("lobes", widen(lobes))):
        write_nifti(HERE / f"{name}.nii.gz", np.ascontiguousarray(volume[::2, ::2, ::2]), coarse)


if __name__ == "__main__":
    main(*sys.argv[1:])
