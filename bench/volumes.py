"""Label volumes for the accuracy bench, without a library: NIfTI-1 files, FreeSurfer's MGH format, version 1, and ITK's affine transforms.

Affine maps are three rows of four, in mm, RAS+.
"""
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


class Labels:
    """A label volume whose voxels know where they are."""

    def __init__(self, path):
        self.shape, self.values, place = read_nifti(path)
        numbers = struct.unpack("<12f", place)
        self.affine = [numbers[i:i + 4] for i in (0, 4, 8)]
        a, b, c = ([row[axis] for row in self.affine] for axis in range(3))
        self.mm3 = abs(a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]))

    def where(self, wanted):
        """Indices (i, j, k) of the voxels with a wanted value."""
        nx, ny, _ = self.shape
        return [(at % nx, at // nx % ny, at // (nx * ny)) for at, value in enumerate(self.values) if value and wanted(value)]

    def world(self, index):
        return apply(self.affine, index)


def apply(affine, point):
    return tuple(sum(r * p for r, p in zip(row, point)) + row[3] for row in affine)


def compose(second, first):
    """The map that does `first`, then `second`."""
    origin = apply(second, apply(first, (0, 0, 0)))
    ends = [apply(second, apply(first, axis)) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    return [[*(end[row] - origin[row] for end in ends), origin[row]] for row in range(3)]


def itk_transform(path):
    """MatrixOffsetTransformBase in a text file: x -> M (x - c) + c + t in LPS+."""
    lines = dict(line.split(": ", 1) for line in path.read_text().splitlines() if ": " in line)
    numbers, centre = ([float(n) for n in lines[key].split()] for key in ("Parameters", "FixedParameters"))
    rows = [numbers[i:i + 3] for i in (0, 3, 6)]
    lps = [[*row, c + t - sum(m * x for m, x in zip(row, centre))] for row, c, t in zip(rows, centre, numbers[9:])]
    sign = (-1, -1, 1, 1)
    return [[sign[i] * sign[j] * lps[i][j] for j in range(4)] for i in range(3)]


def pieces(voxels):
    """Lists of the voxels that touch by a face."""
    rest, out = set(voxels), []
    while rest:
        piece, todo = [], [rest.pop()]
        while todo:
            piece.append(todo.pop())
            for axis in range(3):
                for step in (-1, 1):
                    next_to = tuple(p + step * (d == axis) for d, p in enumerate(piece[-1]))
                    if next_to in rest:
                        rest.remove(next_to)
                        todo.append(next_to)
        out.append(piece)
    return out


def near(point, others, mm):
    return any(sum((p - q) ** 2 for p, q in zip(point, other)) <= mm * mm for other in others)
