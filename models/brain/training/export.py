"""Checkpoint -> ../weights.onnx, ../manifest.json, checkpoint.pt.

  python3 export.py runs/average.pt                 write all three
  python3 export.py runs/average.pt --onnx x.onnx   the graph only, elsewhere

The graph takes `image` float32 (1, 1, D, H, W), normalised, sides multiples of 16, and gives `labels` uint8 (1, D, H, W), the class of
every voxel, and `confidence` uint8 (1, D, H, W), 255 times the probability of that class. Batch norms are folded into the
convolutions; weights rest in fp16 and are cast to fp32 in the graph, so that any CPU runs it. The scores are smoothed before they are
compared: maps whose voxels were taken from the nearest one have steps, and the network learns to draw steps; brains have none. checkpoint.pt has what the graph has not: batch
norms and the heads of training; net.load_state puts the two together.
"""
import argparse
import hashlib
import json
import os
import re
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from net import CELL, MULTIPLE, Conv, depth_to_space, gaussian, load_net, smooth
from structures import CLASSES, STRUCTURES

HERE = Path(__file__).resolve().parent
VERSION = "0.3.2"
OPSET = 13


class HalfConv(nn.Module):
    """Convolution whose weights rest in fp16."""

    def __init__(self, weight, bias, padding):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight.half(), False), nn.Parameter(bias.half(), False)
        self.padding = padding

    def forward(self, x):
        return F.conv3d(x, self.weight.float(), self.bias.float(), padding=self.padding)


def fold(module):
    """Merge batch norms into the convolutions before them, then store every convolution in fp16."""
    for m in module.modules():
        if isinstance(m, Conv):
            m[0], m[1] = fuse_conv_bn_eval(m[0], m[1]), nn.Identity()
    for m in list(module.modules()):
        for name, child in m.named_children():
            if isinstance(child, nn.Conv3d):
                setattr(m, name, HalfConv(child.weight.data, child.bias.data, child.padding))


class Segmenter(nn.Module):
    """What is exported: image -> labels, confidence."""

    def __init__(self, net):
        super().__init__()
        weight, bias = (v.data.unflatten(0, (CLASSES, CELL)) for v in (net.head.weight, net.head.bias))
        self.heads = nn.ModuleList(HalfConv(weight[:, k], bias[:, k], 0) for k in range(CELL))
        self.register_buffer("taps", gaussian())
        del net.head, net.aux
        fold(net)
        self.net = net

    def scores(self, features, c):
        """Smoothed scores (1, 1, D, H, W) of class c."""
        weight, bias = (torch.stack([getattr(head, k)[c] for head in self.heads]).float() for k in ("weight", "bias"))
        return smooth(depth_to_space(F.conv3d(features, weight, bias)), self.taps)

    def forward(self, image):
        """Classes come one after the other, so that the scores of all of them need no room at the same time."""
        features = self.net.features(image)
        top = self.scores(features, 0)
        total, label = torch.ones_like(top), torch.zeros_like(top)
        for c in range(1, CLASSES):
            x = self.scores(features, c)
            higher = torch.maximum(top, x)
            total = total * torch.exp(top - higher) + torch.exp(x - higher)
            label = torch.where(x > top, torch.full_like(label, c), label)
            top = higher
        return label.to(torch.uint8)[:, 0], (255 / total + 0.5).to(torch.uint8)[:, 0]


def export(model, path):
    sides = {2: "depth", 3: "height", 4: "width"}
    out, new = {k - 1: v for k, v in sides.items()}, f"{path}.new"
    torch.onnx.export(model, torch.rand(1, 1, 48, 64, 32), new, opset_version=OPSET, do_constant_folding=False,
                      input_names=["image"], output_names=["labels", "confidence"],
                      dynamic_axes={"image": sides, "labels": out, "confidence": out})
    os.replace(new, path)                   # a program that reads it meanwhile sees the old or the new one, never half


def manifest(onnx, state):
    """What a program must know to use the graph."""
    return {
        "name": "larmor-brain",
        "version": VERSION,
        "task": "segmentation of brain structures on T1-weighted MRI",
        "not_a_medical_device": True,
        "weights": {"file": onnx.name, "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(), "bytes": onnx.stat().st_size,
                    "format": "onnx", "opset": OPSET, "license": "Apache-2.0"},
        "input": {
            "name": "image", "type": "float32", "shape": [1, 1, "D", "H", "W"],
            "axes": "D runs to the patient's right, H to the front, W to the top (RAS+); W is the fastest in memory",
            "orientation": "RAS", "spacing_mm": [1.0, 1.0, 1.0], "side_multiple": MULTIPLE,
            "padding": {"value": 0.0, "rule": "crop to the voxels above 0.05 after normalisation, then pad every axis with zeros to a "
                        "multiple of 16 plus 16, half before and half after", "crop_above": 0.05, "extra": MULTIPLE},
            "normalisation": {
                "rule": "set negative voxels to 0; of the positive voxels take those above the mean of the positive ones; divide the image "
                        "by their 90th percentile, the value of rank floor(0.9 n) counted from 1 in rising order; clamp to 0..3; done once "
                        "on the whole 1 mm volume",
                "positive_above": 0.0, "subset": "above_mean", "percentile": 0.9, "percentile_becomes": 1.0, "clamp": [0.0, 3.0],
                "minimum_positive_voxels": 100},
        },
        "outputs": [
            {"name": "labels", "type": "uint8", "shape": [1, "D", "H", "W"], "meaning": "class index"},
            {"name": "confidence", "type": "uint8", "shape": [1, "D", "H", "W"], "meaning": "255 * probability of that class, rounded"}],
        "classes": [{"index": c, "name": name} | ({"freesurfer": left} if right is None else
                                                  {"freesurfer_left": left, "freesurfer_right": right})
                    for c, (name, left, right) in enumerate(STRUCTURES)],
        "sides": {"decided_by": "plane", "rule": "left and right share a class; fit the plane x = a + b y + c z halfway between the two "
                  "sides of the deep structures, smaller x is left", "fitted_to": [3, 7, 8, 9, 10, 11],
                  "reference": "training/evaluate.py, function sides"},
        "training": {"steps": state["step"], "network": {k: list(v) for k, v in state["config"].items()},
                     "images": "painted from label maps; no real scan was used",
                     "label_maps": "17 of the 20 maps of the SynthSeg release (Apache-2.0); maps 04, 12, 18 kept for validation",
                     "code": "training/train.py", "log": "training/log.tsv"},
    }


def remainder(state, onnx):
    """The checkpoint without the weights that the graph holds."""
    there = re.compile(r"(enc|dec)\.\d+\.\d+\.0\.weight|(up\.\d+|head)\.(weight|bias)")
    return state | dict(ema={k: v for k, v in state["ema"].items() if not there.fullmatch(k)}, weights=os.path.relpath(onnx, HERE))


def tidy(document):
    """JSON with every innermost list and object on one line."""
    text = json.dumps(document, indent=2)
    return re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda m: re.sub(r"\s*\n\s*", " ", m.group()), text) + "\n"


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("checkpoint", type=Path)
    a.add_argument("--onnx", type=Path, help="write the graph here and no manifest")
    a.add_argument("--threads", default=2, type=int)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    net, state = load_net(a.checkpoint)
    model, path = Segmenter(net).eval(), a.onnx or HERE.parent / "weights.onnx"
    export(model, path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, step {state['step']}")
    if not a.onnx:
        (HERE.parent / "manifest.json").write_text(tidy(manifest(path, state)))
        torch.save(remainder(state, path), HERE / "checkpoint.pt")
    with torch.no_grad():
        image = torch.rand(1, 1, 160, 208, 176)
        start = time.monotonic()
        model(image)
        print(f"160x208x176 in torch with {a.threads} threads: {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    main()
