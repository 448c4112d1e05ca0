"""Network that looks at a 1 mm volume on a 2 mm grid.

Every 2x2x2 cell of voxels becomes eight channels; a U-Net with additive skips works at 2, 4, 8 and 16 mm; a 1x1x1 head gives the
classes of all eight voxels of a cell at once. Sides must be multiples of 16 voxels.

Sources: U-Net (Ronneberger 2015, Cicek 2016), sub-pixel output (Shi 2016), deep supervision (Lee 2015).
"""
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from structures import CLASSES

MULTIPLE = 16
CELL = 8          # voxels of a 2x2x2 cell
SMOOTHING = 0.7   # of the scores in use, sigma in voxels; card.md says what it brings
EPSILON = 1e-5    # added to the variance in a batch norm


def space_to_depth(x):
    """(B, C, 2D, 2H, 2W) -> (B, 8C, D, H, W). The place in the cell is the fastest part of the channel axis."""
    b, c, d, h, w = x.shape
    x = x.reshape(b, c, d // 2, 2, h // 2, 2, w // 2, 2)
    return x.permute(0, 1, 3, 5, 7, 2, 4, 6).reshape(b, c * CELL, d // 2, h // 2, w // 2)


def depth_to_space(x):
    """(B, 8C, D, H, W) -> (B, C, 2D, 2H, 2W), undoing space_to_depth."""
    b, c, d, h, w = x.shape
    x = x.reshape(b, c // CELL, 2, 2, 2, d, h, w)
    return x.permute(0, 1, 5, 2, 6, 3, 7, 4).reshape(b, c // CELL, d * 2, h * 2, w * 2)


def gaussian(sigma=SMOOTHING):
    """Weights of a voxel and of two on either side of it; sigma in voxels."""
    weight = torch.exp(-0.5 * (torch.arange(-2, 3) / sigma) ** 2)
    return weight / weight.sum()


def smooth(scores, taps):
    """Scores (N, 1, D, H, W), weighed with their neighbours along each axis; they count as zero outside."""
    for axis in range(3):
        shape, padding = [1] * 5, [0] * 3
        shape[2 + axis], padding[axis] = len(taps), len(taps) // 2
        scores = F.conv3d(scores, taps.reshape(shape), padding=padding)
    return scores


class Conv(nn.Sequential):
    """3x3x3 convolution, batch norm, rectifier."""

    def __init__(self, channels_in, channels_out):
        super().__init__(nn.Conv3d(channels_in, channels_out, 3, padding=1, bias=False),
                         nn.BatchNorm3d(channels_out, EPSILON, momentum=0.05), nn.ReLU(inplace=True))


def chain(channels_in, channels_out, count):
    return nn.Sequential(*[Conv(channels_out if i else channels_in, channels_out) for i in range(count)])


def enlarge_onto(coarse, fine):
    """Every cell of `coarse` (B, C, D, H, W) added to the eight cells of `fine` (B, C, 2D, 2H, 2W) that lie in it."""
    b, c, d, h, w = coarse.shape
    total = fine.reshape(b, c, d, 2, h, 2, w, 2) + coarse.reshape(b, c, d, 1, h, 1, w, 1)
    return total.reshape(b, c, 2 * d, 2 * h, 2 * w)


class Net(nn.Module):
    """width: channels at 2, 4, 8, 16 mm; encoder, decoder: convolutions at each scale."""

    def __init__(self, width=(48, 96, 128, 192), encoder=(1, 2, 2, 3), decoder=(2, 2, 2)):
        super().__init__()
        self.config = dict(width=tuple(width), encoder=tuple(encoder), decoder=tuple(decoder))
        levels = range(len(width) - 1)
        self.enc = nn.ModuleList(chain(width[i - 1] if i else CELL, c, encoder[i]) for i, c in enumerate(width))
        self.up = nn.ModuleList(nn.Conv3d(width[i + 1], width[i], 1) for i in levels)
        self.dec = nn.ModuleList(chain(width[i], width[i], decoder[i]) for i in levels)
        self.head = nn.Conv3d(width[0], CLASSES * CELL, 1)
        self.aux = nn.ModuleList(nn.Conv3d(width[i], CLASSES, 1) for i in (1, 2))     # coarse labels, in training only

    def features(self, x, coarse=None):
        """Image (B, 1, D, H, W) at 1 mm -> (B, width[0], D/2, H/2, W/2). A list `coarse` receives logits at 8 and 4 mm."""
        x, skips = space_to_depth(x), []
        for i, block in enumerate(self.enc):
            x = block(F.max_pool3d(x, 2) if i else x)
            skips.append(x)
        for i in reversed(range(len(self.dec))):
            x = self.dec[i](enlarge_onto(self.up[i](x), skips[i]))
            if coarse is not None and i > 0:
                coarse.append(self.aux[i - 1](x))
        return x

    def place(self, features, places):
        """Logits (B, classes, len(places), D/2, H/2, W/2) at some of the eight voxels of every cell."""
        weight = self.head.weight.unflatten(0, (CLASSES, CELL))[:, places].flatten(0, 1)
        bias = self.head.bias.unflatten(0, (CLASSES, CELL))[:, places].flatten()
        return F.conv3d(features, weight, bias).unflatten(1, (CLASSES, len(places)))

    def forward(self, x):
        """Image (B, 1, D, H, W) -> logits (B, classes, D, H, W)."""
        return depth_to_space(self.head(self.features(x)))


def load_state(path):
    """A checkpoint with all its averaged weights, in fp32. Those that it leaves to the ONNX file beside it are taken from there."""
    state = torch.load(path, map_location="cpu")
    ema = {k: v.float() if v.is_floating_point() else v for k, v in state["ema"].items()}
    if "weights" in state:
        ema |= from_onnx(Path(path).parent / state["weights"], ema)
    return state | dict(ema=ema)


def from_onnx(path, norms):
    """Weights of all convolutions in use, from the exported graph, freed again of the batch norms that were folded into them."""
    from onnx import load, numpy_helper         # only here: training from random weights needs none
    there = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()).float() for i in load(str(path)).graph.initializer}
    out = {f"head.{k}": torch.stack([there[f"heads.{p}.{k}"] for p in range(CELL)], 1).flatten(0, 1) for k in ("weight", "bias")}
    for name, value in there.items():
        name = name.removeprefix("net.")
        norm = name.removesuffix("0.weight") + "1."
        if name.startswith("up."):
            out[name] = value
        elif norm + "weight" in norms:
            scale = norms[norm + "weight"] / (norms[norm + "running_var"] + EPSILON).sqrt()
            out[name] = value / torch.where(scale == 0, torch.ones_like(scale), scale).view(-1, 1, 1, 1, 1)
    return out


def load_net(path):
    """Network with the averaged weights of a checkpoint, ready for use; the checkpoint itself."""
    state = load_state(path)
    net = Net(**state["config"])
    net.load_state_dict(state["ema"])
    return net.eval(), state
