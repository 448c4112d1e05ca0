"""Label volumes for the accuracy bench, without a library: NIfTI-1 files, and FreeSurfer's MGH format, version 1."""
import array
import gzip
import struct
import sys
from collections import Counter

NIFTI_TYPES = {2: "B", 4: "h", 8: "i", 16: "f", 512: "H"}
MGH_TYPES = {0: ("B", 2), 1: ("i", 8), 3: ("f", 16), 4: ("h", 4)}          # of the array, and NIfTI's number for it


def read_nifti(path):
    """(shape, values, place) of a little-endian NIfTI file; the first index runs fastest; place: the bytes that say where it lies."""
    raw = gzip.open(path).read()
    shape, kind = struct.unpack("<3h", raw[42:48]), NIFTI_TYPES[struct.unpack("<h", raw[70:72])[0]]
    start = int(struct.unpack("<f", raw[108:112])[0])
    values = array.array(kind)
    values.frombytes(raw[start:start + shape[0] * shape[1] * shape[2] * values.itemsize])
    return shape, values, raw[280:328]


def read_mgh(path):
    """(shape, values, affine) of an .mgz file; affine: three rows of four, voxels to mm."""
    raw = gzip.open(path).read()
    shape = struct.unpack(">3i", raw[4:16])
    values = array.array(MGH_TYPES[struct.unpack(">i", raw[20:24])[0]][0])
    values.frombytes(raw[284:284 + shape[0] * shape[1] * shape[2] * values.itemsize])
    if sys.byteorder == "little":
        values.byteswap()
    sizes, columns, centre = struct.unpack(">3f", raw[30:42]), struct.unpack(">9f", raw[42:78]), struct.unpack(">3f", raw[78:90])
    rows = [[columns[3 * axis + row] * sizes[axis] for axis in range(3)] for row in range(3)]
    return shape, values, [[*r, c - sum(x * n / 2 for x, n in zip(r, shape))] for r, c in zip(rows, centre)]


def write_nifti(path, shape, values, affine):
    kind = next(number for letter, number in MGH_TYPES.values() if letter == values.typecode)
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, *shape, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, kind, 8 * values.itemsize)
    struct.pack_into("<8f", head, 76, 1, *(sum(r[axis] ** 2 for r in affine) ** 0.5 for axis in range(3)), 0, 0, 0, 0)
    struct.pack_into("<f", head, 108, 352)
    struct.pack_into("<2f", head, 112, 1, 0)
    struct.pack_into("<2h", head, 252, 0, 1)
    struct.pack_into("<12f", head, 280, *(x for row in affine for x in row))
    head[344:348] = b"n+1\0"
    path.write_bytes(bytes(head) + values.tobytes())


def dice(ours, truth, translate_ours, translate_truth):
    """Dice coefficient of each label in translate_truth.values(); a label that is translated to None in `truth` is left out there."""
    seen, both, left, right = Counter(zip(ours, truth)), Counter(), Counter(), Counter()
    for (a, b), count in seen.items():
        mine, theirs = translate_ours.get(int(a), 0), translate_truth.get(int(b), 0)
        if theirs is None:
            continue
        left[mine] += count
        right[theirs] += count
        both[mine] += count * (mine == theirs)
    return {label: 2 * both[label] / (left[label] + right[label]) for label in right if label}
