"""Training images painted from label maps alone: deform, give every tissue an intensity, blur, add bias field and noise.

No real scan is read. After the idea of SynthSeg (Billot 2023) and SynthStrip (Hoopes 2022): a network that has seen every contrast and
every neck does not care which one it gets. Patches are numbered: the same seed and number give the same patch.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from structures import CLASS_OF, CSF, MIRROR, is_outside
from volumes import normalise, read_nifti

HELD_OUT = (4, 12, 18)            # young, middle, atrophic: never painted for training
ALL_MAPS = range(1, 21)
SIDE = 256                        # of a label map, in voxels of 1 mm


def uniform(low=0.0, high=1.0):
    return low + (high - low) * float(torch.rand(()))


def chance(share):
    return float(torch.rand(())) < share


def pick(n):
    return int(torch.randint(n, ()))


def noise(nodes, side):
    """Smooth noise (side, side, side) of unit spread at `nodes`^3 points, linear between them."""
    grid = torch.randn(1, 1, nodes, nodes, nodes)
    return F.interpolate(grid, size=(side,) * 3, mode="trilinear", align_corners=True)[0, 0]


def blur(x, sigma, axis):
    """Gaussian blur along one axis of a volume; sigma in voxels."""
    if sigma < 0.2:
        return x
    reach = max(1, round(3 * sigma))
    weight = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma) ** 2)
    x = x.movedim(axis, 0)
    flat = F.pad(x.reshape(1, 1, len(x), -1), (0, 0, reach, reach), mode="replicate")[0, 0]
    out = torch.zeros(len(x), flat.shape[1])
    for i, w in enumerate((weight / weight.sum()).tolist()):
        out.add_(flat[i:i + len(x)], alpha=w)
    return out.reshape(x.shape).movedim(0, axis)


class Map:
    """One label map as indices into the label list, with what patches are aimed by."""

    def __init__(self, path, lookup, classes, outside):
        """lookup: id -> index; classes, outside: of every index."""
        ids = read_nifti(path)[0].astype(np.int32)
        self.index = torch.from_numpy(lookup[ids])
        coarse = self.index[::8, ::8, ::8].long()
        brain, head = classes[coarse] > 0, outside[coarse] & (coarse > 0)
        self.brain = torch.nonzero(brain).float() * 8            # points (N, 3) in voxels
        self.head = torch.nonzero(head).float() * 8
        low, high = self.brain.min(0).values, self.brain.max(0).values
        near = ((self.head > low - 40) & (self.head < high + 40)).all(1)
        self.face = self.head[near & (self.head[:, 2] < self.brain[:, 2].mean())]     # orbits, nose, neck, skull base
        cells = (classes[self.index.long()] == 3).float().unfold(0, 4, 4).unfold(1, 4, 4).unfold(2, 4, 4).mean((3, 4, 5))
        for axis in range(3):
            cells = blur(cells, 2.0, axis)
        push = torch.stack(torch.gradient(cells))
        self.push = (push / push.norm(dim=0).max())[None]        # (1, 3, 64, 64, 64): away from where ventricles are not


class Synth:
    """Painter of patches.

    labels: folder with maps/ and priors/; maps: numbers of the maps; t1: share of T1-like contrast (the rest is any contrast);
    stripped: share of skull-stripped heads; aim: shares of patches at (deep structures, anywhere in the brain, face and neck, any
    head tissue).
    """

    def __init__(self, labels, maps=None, t1=0.9, stripped=0.4, aim=(0.45, 0.25, 0.2, 0.1)):
        labels = Path(labels)
        priors = {n: np.load(labels / f"priors/{n}.npy") for n in
                  ("generation_labels", "generation_classes_contrast_specific", "prior_means_t1", "prior_stds_t1")}
        ids = priors["generation_labels"].tolist()
        left = [MIRROR.get(i, i) for i in ids]
        kinds = sorted(set(left))                                # one intensity for both sides
        self.kind = torch.tensor([kinds.index(i) for i in left])
        self.target = torch.tensor([CLASS_OF.get(i, 0) for i in left])
        self.outside = torch.tensor([is_outside(i) for i in kinds])
        self.group = torch.tensor(priors["generation_classes_contrast_specific"][[ids.index(k) for k in kinds]].astype(np.int64))
        self.means = torch.tensor(priors["prior_means_t1"], dtype=torch.float32)       # (2, groups): mean and spread of a mean
        self.spreads = torch.tensor(priors["prior_stds_t1"], dtype=torch.float32)
        self.lesion, self.csf = kinds.index(25), kinds.index(24)
        self.t1, self.stripped, self.aim = t1, stripped, torch.tensor(aim)
        lookup = np.zeros(max(ids) + 1, np.uint8)
        lookup[ids] = np.arange(len(ids))
        numbers = maps or [i for i in ALL_MAPS if i not in HELD_OUT]
        self.maps = [Map(labels / f"maps/training_seg_{i:02d}.nii.gz", lookup, self.target, self.outside[self.kind]) for i in numbers]

    def centre(self, m):
        """Middle of a patch (3,) in voxels of the map."""
        goal = int(torch.multinomial(self.aim, 1))
        if goal == 0:
            middle = m.brain.mean(0)
            return middle + uniform(0.1, 0.6) * (m.brain[pick(len(m.brain))] - middle)
        points = (m.brain, m.brain, m.face, m.head)[goal]
        return points[pick(len(points))] + 8 * torch.rand(3)

    def positions(self, m, centre, side):
        """Where every voxel of the patch comes from: (3, side, side, side) in map voxels."""
        n = side // 4 + 1
        line = torch.linspace(-side / 2, side / 2, n)
        grid = torch.stack(torch.meshgrid(line, line, line, indexing="ij"))
        x, y, z = torch.randn(3).mul(0.14).tolist()
        turn = torch.matrix_exp(torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]]))
        stretch = torch.diag(1 + torch.randn(1) * 0.07 + torch.randn(3) * 0.05)
        affine = turn @ stretch @ (torch.eye(3) + torch.randn(3, 3) * 0.02)
        if chance(0.5):
            affine = torch.diag(torch.tensor([-1.0, 1, 1])) @ affine
        grid = (affine @ grid.flatten(1)).view(3, n, n, n) + centre.view(3, 1, 1, 1)
        for spacing, amount in ((40, 3.0), (16, 1.2)):           # mm between the nodes, mm of movement
            nodes = max(3, side // spacing + 1)
            grid = grid + uniform(0, 1.5) * amount * torch.stack([noise(nodes, n) for _ in range(3)])
        where = (grid * 2 / (SIDE - 1) - 1).permute(1, 2, 3, 0).flip(-1)[None]
        grid = grid + 2.5 * float(torch.randn(())) * F.grid_sample(m.push, where, align_corners=True)[0]
        return F.interpolate(grid[None], size=(side,) * 3, mode="trilinear", align_corners=True)[0]

    def palette(self):
        """Mean and spread of intensity for every kind of tissue."""
        n, groups = len(self.group), self.means.shape[1]
        if chance(self.t1):
            mean = self.means[0] + self.means[1] * torch.randn(groups)
            spread = (self.spreads[0] + self.spreads[1] * torch.randn(groups)).clamp(1) * uniform(0.15, 0.65)
            mean, spread = mean[self.group] + 4 * torch.randn(n), spread[self.group].clamp(max=25)
        else:
            mean = (10 + 230 * torch.rand(groups))[self.group] + 6 * torch.randn(n)
            spread = 2 + 14 * torch.rand(n)
        wild = self.outside & (torch.rand(n) < uniform(0.2, 0.9))          # muscle, fat, eyes: any intensity, any texture
        mean = torch.where(wild, 260 * torch.rand(n), mean)
        spread = torch.where(wild, 2 + 40 * torch.rand(n) ** 2, spread)
        if chance(0.5):
            mean[0], spread[0] = 0, 0
        return mean.clamp(0), spread

    def strip(self, kind):
        """Mask of what a brain extraction would leave: exact or generous, with or without outer CSF, sometimes ragged."""
        keep = ~self.outside[kind]
        if chance(0.4):
            keep &= kind != self.csf
        if chance(0.4):
            keep = F.max_pool3d(keep.float()[None, None], 3, 1, 1)[0, 0] > 0
        return keep

    @torch.no_grad()
    def sample(self, number, side, seed=0, centre=None):
        """Patch `number`: image float32 and target int64, both (side, side, side)."""
        torch.manual_seed(seed * 1_000_003 + number)
        m = self.maps[pick(len(self.maps))]
        c = self.positions(m, self.centre(m) if centre is None else m.brain.mean(0) + torch.tensor(centre), side).round_().long()
        inside = ((c >= 0) & (c < SIDE)).all(0)
        c.clamp_(0, SIDE - 1)
        label = m.index.view(-1)[(c[0] * SIDE + c[1]) * SIDE + c[2]].long() * inside
        target, kind = self.target[label], self.kind[label]
        if chance(0.35):                                         # lesions stay white matter in the target
            spots = noise(max(4, int(side / uniform(5, 17))), side) > uniform(2.0, 2.8)
            kind = torch.where(spots & (target == 1), self.lesion, kind)
        return self.image(target, self.islands(kind, side), side)

    def islands(self, kind, side):
        """Blobs and thin sheets of other tissue within what is outside of the brain: muscle, marrow, fascia, glands."""
        tissue = torch.nonzero(self.outside)[1:, 0]              # without air
        for _ in range(pick(4)):
            wave = noise(max(5, int(side / uniform(3, 16))), side)
            where = wave.abs() < uniform(0.05, 0.3) if chance(0.4) else wave > uniform(0.4, 1.5)
            kind = torch.where(where & self.outside[kind] & (kind > 0), tissue[pick(len(tissue))], kind)
        return kind

    def image(self, target, kind, side):
        """Paint tissues (`kind`), then what a scanner does to them."""
        mean, spread = self.palette()
        x = mean[kind] + spread[kind] * torch.randn(side, side, side)
        x += noise(max(4, side // 12), side) * uniform(0, 4) * (target > 0)
        outside = self.outside[kind]
        if chance(0.7):                                          # tissue outside of the brain is patchy at 5 to 25 mm
            patchy = noise(max(4, int(side / uniform(5, 25))), side) * uniform(0, 60)
            x += patchy * (outside & (kind > 0))
        keep = None
        if chance(self.stripped):
            keep = self.strip(kind)
            x *= keep
            target = target * keep
        for axis in range(3):
            x = blur(x, uniform(0.3, 0.9), axis)
        if chance(0.2):                                          # thick slices, brought back to 1 mm
            size = [side] * 3
            size[pick(3)] = int(side / uniform(1.5, 5))
            x = F.interpolate(F.adaptive_avg_pool3d(x[None, None], size), size=(side,) * 3, mode="trilinear")[0, 0]
        x *= torch.exp(noise(2 + pick(3), side) * uniform(0, 0.25))
        x += torch.randn(side, side, side) * (7 * uniform() ** 2)
        if keep is not None:
            x *= keep
        x = normalise(x.clamp_(0))
        gamma, gain = torch.exp(torch.randn(2) * torch.tensor([0.15, 0.12])).tolist()
        return (x ** gamma * gain).clamp_(0, 3), target
