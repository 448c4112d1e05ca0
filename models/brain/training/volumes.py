"""NIfTI-1 in and out, and what is done to a scan before and after the network. NumPy and torch only."""
import gzip
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

TYPES = {2: np.uint8, 4: np.int16, 8: np.int32, 16: np.float32, 64: np.float64, 256: np.int8, 512: np.uint16, 768: np.uint32}


def quaternion_affine(header, order, zoom):
    """Voxel -> millimetre matrix (4, 4) from the quaternion fields, NIfTI-1 standard, method 2."""
    b, c, d, x, y, z = struct.unpack(order + "6f", header[256:280])
    a = np.sqrt(max(0.0, 1 - b * b - c * c - d * d))
    turn = np.array([[a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
                     [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
                     [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn * zoom[1:4] * [1, 1, -1 if zoom[0] < 0 else 1]
    matrix[:3, 3] = x, y, z
    return matrix


def read_nifti(path):
    """Array (X, Y, Z) turned to RAS+ without resampling, its affine (4, 4) and voxel sizes in mm."""
    raw = Path(path).read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    order = "<" if struct.unpack("<i", raw[:4])[0] == 348 else ">"
    shape = struct.unpack(order + "8h", raw[40:56])[1:4]
    kind = np.dtype(TYPES[struct.unpack(order + "h", raw[70:72])[0]]).newbyteorder(order)
    zoom = np.array(struct.unpack(order + "8f", raw[76:108]))
    offset, slope, shift = struct.unpack(order + "3f", raw[108:120])
    qform, sform = struct.unpack(order + "2h", raw[252:256])
    array = np.frombuffer(raw, kind, offset=int(offset), count=int(np.prod(shape))).reshape(shape, order="F")
    array = array.astype(kind.newbyteorder("="))
    if np.isfinite(slope) and slope not in (0, 1) or slope == 1 and shift:
        array = array * np.float32(slope) + np.float32(shift)
    if sform > 0:
        affine = np.vstack([np.reshape(struct.unpack(order + "12f", raw[280:328]), (3, 4)), [0, 0, 0, 1]])
    elif qform > 0:
        affine = quaternion_affine(raw, order, zoom)
    else:
        affine = np.diag([*zoom[1:4], 1.0])
    return to_ras(array, affine)


def to_ras(array, affine):
    """Permute and flip axes so that they run right, anterior, superior."""
    sizes = np.sqrt((affine[:3, :3] ** 2).sum(0))
    cosine, axes = np.abs(affine[:3, :3] / sizes), [0, 0, 0]
    for _ in range(3):                                          # strongest voxel axis first, each used once
        world, voxel = np.unravel_index(np.argmax(cosine), (3, 3))
        axes[world] = int(voxel)
        cosine[world], cosine[:, voxel] = -1, -1
    array, affine = array.transpose(axes), affine[:, [*axes, 3]].copy()
    for k in range(3):
        if affine[k, k] < 0:
            array = np.flip(array, k)
            affine[:3, 3] += affine[:3, k] * (array.shape[k] - 1)
            affine[:3, k] *= -1
    return np.ascontiguousarray(array), affine, sizes[axes]


def write_nifti(path, labels, affine):
    """uint8 labels (X, Y, Z) as NIfTI-1, gzipped if the name says so."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *labels.shape, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 2, 8)
    struct.pack_into("<8f", header, 76, 1, *np.sqrt((affine[:3, :3] ** 2).sum(0)), 0, 0, 0, 0)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    header[123] = 2                                             # millimetres
    struct.pack_into("<2h", header, 252, 0, 1)
    struct.pack_into("<12f", header, 280, *affine[:3].ravel())
    header[344:348] = b"n+1\0"
    raw = bytes(header) + labels.astype(np.uint8).tobytes(order="F")
    Path(path).write_bytes(gzip.compress(raw, 6) if str(path).endswith(".gz") else raw)


def load_image(path):
    """Scan as float32 (X, Y, Z) at 1 mm in RAS+, and its affine. Voxels within 5% of 1 mm are taken as they are."""
    array, affine, zoom = read_nifti(path)
    image = torch.from_numpy(array.astype(np.float32))
    if np.abs(zoom - 1).max() > 0.05:
        size = [max(1, int(round(n * z))) for n, z in zip(image.shape, zoom)]
        image = F.interpolate(image[None, None], size=size, mode="trilinear", align_corners=False)[0, 0]
        scale = np.array(array.shape) / size
        affine[:3, 3] += affine[:3, :3] @ ((scale - 1) / 2)
        affine[:3, :3] *= scale
    return image, affine


def normalise(image):
    """The intensity scale of training and use: white matter of a T1 comes near 1, zero stays zero.

    Of the positive voxels, take those above their mean; their 90th percentile (the value of rank floor(0.9 n), counted from 1 in
    rising order) becomes 1; clamp to 0..3. Images with fewer than 100 positive voxels are left alone.
    """
    positive = image[image > 0]
    if positive.numel() < 100:
        return image.clamp(0, 3)
    bright = positive[positive > positive.mean(dtype=torch.float64)]
    if bright.numel() == 0:
        bright = positive
    return (image / bright.kthvalue(max(1, int(0.9 * bright.numel()))).values).clamp(0, 3)


def box(mask):
    """Slices of the smallest box around what is true in a tensor (X, Y, Z)."""
    found = [torch.nonzero(mask.flatten(1).any(1) if k == 0 else mask.movedim(k, 0).flatten(1).any(1))[:, 0] for k in range(3)]
    return tuple(slice(int(f[0]), int(f[-1]) + 1) if len(f) else slice(0, 1) for f in found)


def largest_piece(mask):
    """The largest 6-connected piece of a boolean array (X, Y, Z): runs along z, joined by spreading the lowest run number."""
    edge = np.diff(np.pad(mask, ((0, 0), (0, 0), (1, 1))).astype(np.int8), axis=2)
    start, stop = np.argwhere(edge == 1), np.argwhere(edge == -1)[:, 2]
    if len(start) < 2:
        return mask
    run = np.zeros(mask.shape, np.int32)
    length = stop - start[:, 2]
    run[mask] = np.repeat(np.arange(1, len(start) + 1), length)
    pairs = []
    for low, high in ((run[1:], run[:-1]), (run[:, 1:], run[:, :-1])):
        both = (low > 0) & (high > 0)
        pairs.append(np.unique(np.stack([low[both], high[both]], 1), axis=0) - 1)
    pairs, root = np.concatenate(pairs), np.arange(len(start))
    while True:
        lowest = np.minimum(root[pairs[:, 0]], root[pairs[:, 1]])
        new = root.copy()
        for k in (0, 1):
            np.minimum.at(new, root[pairs[:, k]], lowest)
        new = new[new]
        if (new == root).all():
            break
        root = new
    return mask & (root == np.bincount(root, length).argmax())[np.maximum(run, 1) - 1]
