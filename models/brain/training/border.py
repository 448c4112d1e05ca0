"""Where cortex ends and fluid begins, by the scan's own brightness: the reference for programs that run the exported graph."""
import numpy as np
import torch

from net import smooth
from structures import CSF, NAMES

OUTER = tuple(NAMES.index(n) for n in ("cerebral cortex", "cerebellum cortex"))
VENTRICLE = NAMES.index("lateral ventricle")
NEARBY = 8.0                                 # mm, standard deviation of the weights by which grey matter's brightness is averaged
LEAST_FLUID = 1000                           # voxels of both lateral ventricles
PURE = 0.1                                   # share of the ventricles' voxels beyond which fluid is unmixed: neither wall nor plexus
LEAST_CONTRAST = 0.25                        # between fluid and grey matter, of grey matter's brightness
BEGIN = 0.6                                  # of the way from fluid's brightness to grey matter's: there cortex begins
MOST_LOST = 1 / 3                            # of cortex's outer layer; more means that brightness says nothing here


def touching(mask):
    """Voxels that share a face with the mask (X, Y, Z)."""
    out = np.zeros_like(mask)
    for axis in range(3):
        here, there = np.moveaxis(out, axis, 0), np.moveaxis(mask, axis, 0)
        here[1:] |= there[:-1]
        here[:-1] |= there[1:]
    return out


def average_nearby(image, mask):
    """Mean of the image (X, Y, Z) over the mask, weighted by nearness; 0 where there is no mask nearby."""
    reach = int(3 * NEARBY)
    taps = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / NEARBY) ** 2)
    weight, total = smooth(torch.from_numpy(np.stack([mask, mask * image]).astype(np.float32))[:, None], taps / taps.sum())[:, 0].numpy()
    return np.where(weight > 1e-3, total / np.maximum(weight, 1e-3), 0)


def settle_border(labels, image):
    """A voxel on the border between cortex and fluid belongs to what it resembles in brightness.

    labels: classes (X, Y, Z), changed in place; image (X, Y, Z). One layer on either side. Left as it is where fluid and grey matter
    have no contrast, where the ventricles are too small to say how bright fluid is, and where much of the cortex would be fluid.
    """
    ventricles = image[labels == VENTRICLE]
    if len(ventricles) < LEAST_FLUID:
        return labels
    for grey in OUTER:
        mask, around = labels == grey, labels == CSF
        if not mask.any():
            continue
        usual = np.median(image[mask])
        ratio = np.quantile(ventricles, PURE if np.median(ventricles) < usual else 1 - PURE) / usual
        if abs(1 - ratio) < LEAST_CONTRAST:
            continue
        mean = average_nearby(image, mask)
        like_grey = (image > mean * (ratio + BEGIN * (1 - ratio))) == (ratio < 1)
        outer = mask & touching(around)
        if (outer & ~like_grey).sum() > MOST_LOST * outer.sum():
            continue
        gained = around & touching(mask) & (mean > 0) & like_grey
        labels[outer & ~like_grey] = CSF
        labels[gained] = grey
    return labels
