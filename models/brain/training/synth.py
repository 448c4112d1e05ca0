"""Training images painted from label maps alone: deform, give every tissue an intensity, blur, add bias field and noise.

No real scan is read. After the idea of SynthSeg (Billot 2023) and SynthStrip (Hoopes 2022): a network that has seen every contrast and
every neck does not care which one it gets. Patches are painted several at a time, on the processor or on a GPU. They are numbered: on
one kind of machine the same seed and number give the same patches.
"""
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from structures import CLASS_OF, CSF, MIRROR, is_outside
from volumes import read_nifti

HELD_OUT = (4, 12, 18)            # young, middle, atrophic: never painted for training
ALL_MAPS = range(1, 21)
SIDE = 256                        # of a label map, in voxels of 1 mm


def uniform(low=0.0, high=1.0):
    return low + (high - low) * float(torch.rand(()))


def chance(share):
    return float(torch.rand(())) < share


def pick(n):
    return int(torch.randint(n, ()))


def noise(nodes, side, device, channels=1):
    """Smooth noise (channels, side, side, side) of unit spread at `nodes`^3 points, linear between them."""
    grid = torch.randn(1, channels, nodes, nodes, nodes, device=device)
    return F.interpolate(grid, size=(side,) * 3, mode="trilinear", align_corners=True)[0]


def blur(x, sigma, axis):
    """Gaussian blur of volumes (B, X, Y, Z) along one axis; sigma (B,) in voxels."""
    reach = max(1, round(3 * float(sigma.max())))
    weight = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma.clamp(min=0.05)[:, None]) ** 2)
    weight = (weight / weight.sum(1, keepdim=True)).to(x.device)
    x = x.movedim(axis, 1)
    flat = F.pad(x.flatten(2)[:, None], (0, 0, reach, reach), mode="replicate")[:, 0]
    out = torch.zeros(len(x), x.shape[1], flat.shape[2], device=x.device)
    for i in range(2 * reach + 1):
        out.addcmul_(flat[:, i:i + x.shape[1]], weight[:, i, None, None])
    return out.view(x.shape).movedim(1, axis)


def brightness(x):
    """What `volumes.normalise` divides by, estimated from an eighth of the voxels of each volume: (B, X, Y, Z) -> (B, 1, 1, 1)."""
    some = x[:, ::2, ::2, ::2].flatten(1)
    positive = some > 0
    mean = (some * positive).sum(1, keepdim=True) / positive.sum(1, keepdim=True).clamp(min=1)
    bright = positive & (some > mean)
    count = bright.sum(1, keepdim=True)
    rank = some.shape[1] - count + (0.9 * count).long().clamp(min=1) - 1         # the others sort below all bright ones
    value = torch.where(bright, some, torch.full_like(some, -1)).sort(1).values.gather(1, rank.clamp(max=some.shape[1] - 1))
    return torch.where(value > 0, value, torch.ones_like(value)).view(-1, 1, 1, 1)


class Aims:
    """Where patches of one label map may be aimed at: points (N, 3) in voxels, 8 mm apart."""

    def __init__(self, index, classes, outside):
        """index (SIDE, SIDE, SIDE) into the label list; classes, outside: of every index."""
        coarse = index[::8, ::8, ::8].long()
        brain, head = classes[coarse] > 0, outside[coarse] & (coarse > 0)
        self.brain = torch.nonzero(brain).float() * 8
        self.head = torch.nonzero(head).float() * 8
        low, high = self.brain.min(0).values, self.brain.max(0).values
        near = ((self.head > low - 40) & (self.head < high + 40)).all(1)
        self.face = self.head[near & (self.head[:, 2] < self.brain[:, 2].mean())]     # orbits, nose, neck, skull base


def ventricle_push(index, classes):
    """Vectors (3, 64, 64, 64) on a 4 mm grid that point towards the lateral ventricles, the longest of length 1."""
    cells = (classes[index.long()] == 3).float().unfold(0, 4, 4).unfold(1, 4, 4).unfold(2, 4, 4).mean((3, 4, 5))[None]
    for axis in (1, 2, 3):
        cells = blur(cells, torch.tensor([2.0]), axis)
    push = torch.stack(torch.gradient(cells[0]))
    return push / push.norm(dim=0).max()


class Synth:
    """Painter of patches.

    labels: folder with maps/ and priors/; maps: numbers of the maps; t1: share of T1-like contrast (the rest is any contrast);
    stripped: share of skull-stripped heads; aim: shares of patches at (deep structures, anywhere in the brain, face and neck, any
    head tissue).
    """

    def __init__(self, labels, maps=None, t1=0.9, stripped=0.4, aim=(0.45, 0.25, 0.2, 0.1), device="cpu"):
        labels = Path(labels)
        priors = {n: np.load(labels / f"priors/{n}.npy") for n in
                  ("generation_labels", "generation_classes_contrast_specific", "prior_means_t1", "prior_stds_t1")}
        ids = priors["generation_labels"].tolist()
        left = [MIRROR.get(i, i) for i in ids]
        kinds = sorted(set(left))                                # one intensity for both sides
        kind, target = torch.tensor([kinds.index(i) for i in left]), torch.tensor([CLASS_OF.get(i, 0) for i in left])
        outside = torch.tensor([is_outside(i) for i in kinds])
        self.tissue = torch.nonzero(outside)[1:, 0]              # outside of the brain, without air
        self.group = torch.tensor(priors["generation_classes_contrast_specific"][[ids.index(k) for k in kinds]].astype(np.int64))
        self.means = torch.tensor(priors["prior_means_t1"], dtype=torch.float32)       # (2, groups): mean and spread of a mean
        self.spreads = torch.tensor(priors["prior_stds_t1"], dtype=torch.float32)
        self.lesion, self.csf = kinds.index(25), kinds.index(24)
        self.t1, self.stripped, self.aim, self.device = t1, stripped, torch.tensor(aim), device
        lookup = np.zeros(max(ids) + 1, np.uint8)
        lookup[ids] = np.arange(len(ids))
        numbers = maps or [i for i in ALL_MAPS if i not in HELD_OUT]

        def load(number):
            index = torch.from_numpy(lookup[read_nifti(labels / f"maps/training_seg_{number:02d}.nii.gz")[0].astype(np.int32)])
            return index, Aims(index, target, outside[kind]), ventricle_push(index, target)
        with ThreadPoolExecutor() as several:
            index, self.aims, push = zip(*several.map(load, numbers))
        self.index, self.push = torch.stack(index).to(device), torch.stack(push).to(device)
        self.kind, self.target, self.outside = (t.to(device) for t in (kind, target, outside))
        self.outside_here = outside

    def column(self, values):
        """One number for each volume (B, X, Y, Z)."""
        return torch.as_tensor(values, dtype=torch.float32).view(-1, 1, 1, 1).to(self.device)

    def centre(self, aims):
        """Middle of a patch (3,) in voxels of the map."""
        goal = int(torch.multinomial(self.aim, 1))
        if goal == 0:
            middle = aims.brain.mean(0)
            return middle + uniform(0.1, 0.6) * (aims.brain[pick(len(aims.brain))] - middle)
        points = (aims.brain, aims.brain, aims.face, aims.head)[goal]
        return points[pick(len(points))] + 8 * torch.rand(3)

    def affine(self):
        """Turn, stretch and shear (3, 3), mirrored half of the time."""
        x, y, z = torch.randn(3).mul(0.14).tolist()
        turn = torch.matrix_exp(torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]]))
        affine = turn @ torch.diag(1 + torch.randn(1) * 0.07 + torch.randn(3) * 0.05) @ (torch.eye(3) + torch.randn(3, 3) * 0.02)
        return torch.diag(torch.tensor([-1.0, 1, 1])) @ affine if chance(0.5) else affine

    def positions(self, which, centres, side):
        """Where every voxel of the patches comes from: (B, 3, side, side, side) in voxels of maps `which` (B,)."""
        n, count = side // 4 + 1, len(which)
        line = torch.linspace(-side / 2, side / 2, n, device=self.device)
        grid = torch.stack(torch.meshgrid(line, line, line, indexing="ij")).flatten(1)
        affine = torch.stack([self.affine() for _ in which]).to(self.device)
        grid = (affine @ grid).view(count, 3, n, n, n) + torch.stack(centres).to(self.device).view(count, 3, 1, 1, 1)
        for spacing, amount in ((40, 3.0), (16, 1.2)):           # mm between the nodes, mm of movement
            far = self.column(amount * 1.5 * torch.rand(count))[..., None]
            grid += far * noise(max(3, side // spacing + 1), n, self.device, 3 * count).view(grid.shape)
        where = (grid * 2 / (SIDE - 1) - 1).permute(0, 2, 3, 4, 1).flip(-1)
        grid += self.column(2.5 * torch.randn(count))[..., None] * F.grid_sample(self.push[which], where, align_corners=True)
        return F.interpolate(grid, size=(side,) * 3, mode="trilinear", align_corners=True)

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
        wild = self.outside_here & (torch.rand(n) < uniform(0.2, 0.9))     # muscle, fat, eyes: any intensity, any texture
        mean = torch.where(wild, 260 * torch.rand(n), mean)
        spread = torch.where(wild, 2 + 40 * torch.rand(n) ** 2, spread)
        if chance(0.5):
            mean[0], spread[0] = 0, 0
        return torch.stack([mean.clamp(0), spread])

    def strip(self, kind):
        """Masks of what a brain extraction would leave: exact or generous, with or without outer CSF; everything of the other heads."""
        whole, bare, wide = (self.column(torch.rand(len(kind)) < share) > 0 for share in (1 - self.stripped, 0.4, 0.4))
        keep = ~self.outside[kind] & ~(bare & (kind == self.csf))
        return whole | keep | (wide & (F.max_pool3d(keep.float()[:, None], 3, 1, 1)[:, 0] > 0))

    @torch.no_grad()
    def patches(self, number, side, count, seed=0, which=None, centre=None):
        """Patches `number`: images float32 and targets int64, both (count, side, side, side).

        which: a map for each of them, else any; centre: (3,) in mm from the middle of the brain, else as aimed.
        """
        torch.manual_seed(seed * 1_000_003 + number)
        which = torch.tensor(which) if which else torch.randint(len(self.aims), (count,))
        aims = [self.aims[i] for i in which]
        centres = [self.centre(a) if centre is None else a.brain.mean(0) + torch.tensor(centre) for a in aims]
        which = which.to(self.device)
        c = self.positions(which, centres, side).round_().long()
        inside = ((c >= 0) & (c < SIDE)).all(1)
        x, y, z = c.clamp_(0, SIDE - 1).unbind(1)
        label = self.index.view(-1)[((which.view(-1, 1, 1, 1) * SIDE + x) * SIDE + y) * SIDE + z].long() * inside
        target, kind = self.target[label], self.kind[label]
        for k, t in zip(kind, target):
            if chance(0.35):                                     # lesions stay white matter in the target
                spots = noise(max(4, int(side / uniform(5, 17))), side, self.device)[0] > uniform(2.0, 2.8)
                k.masked_fill_(spots & (t == 1), self.lesion)
            self.add_islands(k, side)
        return self.image(target, kind, side)

    def add_islands(self, kind, side):
        """Blobs and thin sheets of other tissue within what is outside of the brain: muscle, marrow, fascia, glands."""
        for _ in range(pick(4)):
            wave = noise(max(5, int(side / uniform(3, 16))), side, self.device)[0]
            where = wave.abs() < uniform(0.05, 0.3) if chance(0.4) else wave > uniform(0.4, 1.5)
            kind.masked_fill_(where & self.outside[kind] & (kind > 0), int(self.tissue[pick(len(self.tissue))]))

    def image(self, target, kind, side):
        """Paint tissues (`kind`), then what a scanner does to them."""
        count = len(kind)
        mean, spread = torch.stack([self.palette() for _ in range(count)], 1).to(self.device)
        x = (mean.gather(1, kind.flatten(1)) + spread.gather(1, kind.flatten(1)) * torch.randn(count, side ** 3, device=self.device))
        x = x.view(kind.shape)
        x += noise(max(4, side // 12), side, self.device, count) * self.column(4 * torch.rand(count)) * (target > 0)
        outside = self.outside[kind] & (kind > 0)
        for b in range(count):
            if chance(0.7):                                      # tissue outside of the brain is patchy at 5 to 25 mm
                x[b] += noise(max(4, int(side / uniform(5, 25))), side, self.device)[0] * uniform(0, 60) * outside[b]
        keep = self.strip(kind)
        x, target = x * keep, target * keep
        for axis in (1, 2, 3):
            x = blur(x, 0.3 + 0.6 * torch.rand(count), axis)
        for b in range(count):
            if chance(0.2):                                      # thick slices, brought back to 1 mm
                size = [side] * 3
                size[pick(3)] = int(side / uniform(1.5, 5))
                x[b] = F.interpolate(F.adaptive_avg_pool3d(x[None, None, b], size), size=(side,) * 3, mode="trilinear")[0, 0]
        bias = torch.stack([noise(2 + pick(3), side, self.device)[0] * uniform(0, 0.25) for _ in range(count)])
        x = x * bias.exp_() + torch.randn(x.shape, device=self.device) * self.column(7 * torch.rand(count) ** 2)
        x = x.clamp_(0) * keep
        x = (x / brightness(x)).clamp_(0, 3)
        gamma, gain = (self.column(torch.exp(spread * torch.randn(count))) for spread in (0.15, 0.12))
        return (x ** gamma * gain).clamp_(0, 3), target
