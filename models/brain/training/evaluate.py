"""How good a checkpoint is.

  python3 evaluate.py runs/average.pt --synthetic                painted images of the held-out maps 04, 12, 18: the measure while training
  python3 evaluate.py runs/average.pt --manual FOLDER            scans *_SS with manual labels *_glm (Neuromorphometrics): judging only
  python3 evaluate.py runs/average.pt --segment T1.nii.gz --save labels.nii.gz

Nothing that is scored here may be trained on. --mirror averages the probabilities with those of the mirrored scan; what is exported does
without. `segment`, `clean`, `settle_border` and `sides` are the reference for programs that run the exported graph.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from border import settle_border
from net import MULTIPLE, gaussian, load_net, smooth
from structures import CLASSES, CORTEX, CSF, NAMES, STRUCTURES, neuromorphometrics
from synth import HELD_OUT, Synth
from train import LABELS
from volumes import box, largest_piece, load_image, normalise, read_nifti, write_nifti

SCORED = range(1, CSF)                       # everything but background and CSF
DEEP = tuple(NAMES.index(n) for n in ("lateral ventricle", "thalamus", "caudate", "putamen", "pallidum", "hippocampus"))
UNSCORED = 255


@torch.no_grad()
def segment(net, image, mirror=False):
    """Scan (X, Y, Z) at 1 mm, RAS+ -> class of every voxel, uint8 array (X, Y, Z)."""
    image = normalise(image.clamp(0))
    inside = box(image > 0.05)
    part = image[inside]
    pad = [-s % MULTIPLE + MULTIPLE for s in part.shape]
    x = F.pad(part, [q for p in reversed(pad) for q in (p // 2, p - p // 2)])[None, None]
    p = smooth(net(x)[0][:, None], gaussian())
    if mirror:
        p = p.softmax(0) + smooth(net(x.flip(2)).flip(2)[0][:, None], gaussian()).softmax(0)
    best = p.argmax(0)[0].byte()[tuple(slice(q // 2, q // 2 + s) for q, s in zip(pad, part.shape))]
    out = torch.zeros(image.shape, dtype=torch.uint8)
    out[inside] = best
    return out.numpy()


def clean(labels):
    """Keep the largest connected piece of tissue. CSF stays as it is and connects nothing: it would tie an eye to the brain."""
    csf = labels == CSF
    return labels * (csf | largest_piece((labels > 0) & ~csf))


def midplane(labels):
    """Plane x = a + b (y - y0) + c (z - z0) between the halves of the deep structures, in voxels: (a, b, c), (y0, z0).

    The deep voxels are bundled into columns along x, 6 mm wide. In every column with more than 30 voxels on either side, the plane
    should pass halfway between the two sides' mean x: weighted least squares, five rounds, from the mean x of all.
    """
    points = np.argwhere(np.isin(labels, DEEP)).astype(np.float64)
    x, yz = points[:, 0], points[:, 1:]
    origin = yz.mean(0)
    yz = yz - origin
    _, column = np.unique(((yz + origin) // 6).astype(int) @ [1000, 1], return_inverse=True)
    columns, plane = column.max() + 1, np.array([x.mean(), 0.0, 0.0])
    place = np.stack([np.bincount(column, yz[:, k]) / np.bincount(column) for k in (0, 1)], 1)
    for _ in range(5):
        right = x > plane[0] + yz @ plane[1:]
        count = np.stack([np.bincount(column[s], minlength=columns) for s in (~right, right)])
        mean = np.stack([np.bincount(column[s], x[s], columns) for s in (~right, right)]) / np.maximum(count, 1)
        fewer = count.min(0)
        good = fewer > 30
        weight = np.sqrt(fewer[good])
        rows = np.column_stack([np.ones(good.sum()), place[good]])
        plane = np.linalg.lstsq(rows * weight[:, None], mean.mean(0)[good] * weight, rcond=None)[0]
    return plane, origin


def sides(labels):
    """Classes (X, Y, Z) in RAS+ -> FreeSurfer ids, left and right of the midplane (small x is left)."""
    plane, (y0, z0) = midplane(labels)
    i, j, k = np.indices(labels.shape, sparse=True)
    on_right = i > plane[0] + (j - y0) * plane[1] + (k - z0) * plane[2]
    left = np.array([left for _, left, _ in STRUCTURES], np.uint8)
    right = np.array([left if right is None else right for _, left, right in STRUCTURES], np.uint8)
    return np.where(on_right, right[labels], left[labels])


def dice(ours, truth, value):
    a, b = ours == value, truth == value
    n = a.sum() + b.sum()
    return 2 * (a & b).sum() / n if n else np.nan


def score_synthetic(net, a):
    """Dice on painted T1-like images of held-out maps, 160 mm stripped and 192 mm whole, and tissue called brain far from it (ml)."""
    synth = Synth(a.labels, maps=list(HELD_OUT), t1=1.0)
    rows, stray = [], []
    for number in range(a.images * len(HELD_OUT)):
        whole = number % 2 == 1
        synth.stripped = 0.0 if whole else 1.0
        image, target = (t[0] for t in synth.patches(number, 192 if whole else 160, 1, seed=10_007, which=[number % len(HELD_OUT)],
                                                     centre=(0.0, 0.0, -10.0 if whole else 0.0)))
        raw, truth = segment(net, image, a.mirror), target.numpy()
        ours = settle_border(clean(raw), image.numpy())
        rows.append([dice(ours, truth, c) for c in SCORED])
        if whole:
            near = F.max_pool3d((target > 0).float()[None, None], 11, 1, 5)[0, 0].numpy() > 0
            brain = (raw > 0) & (raw != CSF) & ~near
            cortex = raw == CORTEX
            stray.append([brain.sum() / 1000, 100 * (brain & cortex).sum() / cortex.sum(), (ours[brain] > 0).sum() / 1000])
    rows, stray = np.array(rows), np.array(stray)
    print(f"synthetic, {len(rows)} images: mean Dice {np.nanmean(np.nanmean(rows, 0)):.4f} "
          f"(stripped {np.nanmean(rows[::2]):.4f}, whole {np.nanmean(rows[1::2]):.4f}); over 5 mm outside of the brain: "
          f"{stray[:, 0].mean():.1f} ml with {stray[:, 1].mean():.2f} % of the cortex, left after clean {stray[:, 2].mean():.1f} ml")
    print("; ".join(f"{NAMES[c]} {d:.3f}" for c, d in zip(SCORED, np.nanmean(rows, 0))))


def manual_table(folder):
    """Neuromorphometrics label -> class and FreeSurfer id, two uint8 arrays; UNSCORED where there is no counterpart."""
    table = json.loads((folder / "neuromorphometrics_to_freesurfer.json").read_text())
    classes, ids = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
    for label, structure in neuromorphometrics(table).items():
        classes[label] = UNSCORED if structure is None else structure
    for key, labels in table.items():
        if key.isdigit() and isinstance(labels, list):
            ids[labels] = int(key)
    ids[[71, 72, 73]] = UNSCORED                 # vermis has no side
    gyri = np.arange(100, 208)
    ids[gyri] = np.where(gyri % 2, 3, 42)
    ids[classes == UNSCORED] = UNSCORED
    return classes, ids


def score_manual(net, a):
    """Table of Dice and volumes per structure over scans with manual labels."""
    classes, ids = manual_table(a.manual)
    rows, sided, volumes, took = [], [], [], 0.0
    for scan in sorted(a.manual.glob("*_SS.nii.gz"))[:a.scans]:
        labels = read_nifti(str(scan).replace("_SS", "_glm"))[0].astype(np.uint8)
        image, start = load_image(scan)[0], time.monotonic()
        ours = settle_border(clean(segment(net, image, a.mirror)), image.numpy())
        took += time.monotonic() - start
        truth, scored = classes[labels], classes[labels] != UNSCORED
        rows.append([dice(ours[scored], truth[scored], c) for c in SCORED])
        volumes.append([[(q[scored] == c).sum() / 1000 for q in (ours, truth)] for c in SCORED])
        known, both = ids[labels] != UNSCORED, sides(ours)
        pairs = [i for _, left, right in STRUCTURES if right for i in (left, right)]
        sided.append(np.mean([dice(both[known], ids[labels][known], i) for i in pairs]))
        print(f"{scan.name[:4]}  {np.nanmean(rows[-1]):.4f}  left and right apart {sided[-1]:.4f}", flush=True)
    rows, volumes = np.array(rows), np.array(volumes)
    print(f"{len(rows)} scans: mean Dice {np.nanmean(rows):.4f} (left and right apart {np.mean(sided):.4f}), {took / len(rows):.1f} s a scan")
    print("| structure | Dice | sd | lowest | ours ml | manual ml | r |\n|---|---|---|---|---|---|---|")
    for c, d, v in zip(SCORED, rows.T, volumes.transpose(1, 0, 2)):
        r = np.corrcoef(v.T)[0, 1] if len(v) > 2 and v.std(0).min() > 0 else np.nan
        print(f"| {NAMES[c]} | {np.nanmean(d):.3f} | {np.nanstd(d):.3f} | {np.nanmin(d):.3f} | {v[:, 0].mean():.2f} | {v[:, 1].mean():.2f} | {r:.2f} |")


def report(net, a):
    """Segment one scan; print volumes (ml), left and right; save FreeSurfer ids."""
    image, affine = load_image(a.segment)
    raw = segment(net, image, a.mirror)
    labels = settle_border(clean(raw), image.numpy())
    ids = sides(labels)
    for name, left, right in STRUCTURES[1:]:
        print(f"{name:28s}", *(f"{(ids == i).sum() / 1000:9.2f}" for i in (left, right) if i is not None))
    print(f"removed by clean: {((raw > 0) & (labels == 0)).sum() / 1000:.1f} ml")
    if a.save:
        write_nifti(a.save, ids, affine)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("checkpoint", type=Path)
    a.add_argument("--synthetic", action="store_true")
    a.add_argument("--manual", type=Path)
    a.add_argument("--segment", type=Path)
    a.add_argument("--save", type=Path)
    a.add_argument("--labels", default=LABELS, type=Path, help="folder with maps/ and priors/")
    a.add_argument("--images", default=4, type=int, help="painted images for every held-out map")
    a.add_argument("--scans", default=None, type=int, help="only the first so many")
    a.add_argument("--mirror", action="store_true")
    a.add_argument("--threads", default=2, type=int)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    net, state = load_net(a.checkpoint)
    print(f"{a.checkpoint.name}, step {state['step']}{', mirrored averaging' if a.mirror else ''}")
    for wanted, task in ((a.synthetic, score_synthetic), (a.manual, score_manual), (a.segment, report)):
        if wanted:
            task(net, a)


if __name__ == "__main__":
    main()
