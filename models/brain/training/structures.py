"""What the network names: class order, FreeSurfer ids, and how the label maps translate into classes.

Left and right share a class; they are told apart afterwards by a plane (see `sides` in evaluate.py).
FreeSurfer ids are those of FreeSurferColorLUT.txt.
"""

# (name, left or only id, right id or None for a structure on the midline); the position in the list is the class index.
STRUCTURES = [
    ("background", 0, None),
    ("cerebral white matter", 2, 41),
    ("cerebral cortex", 3, 42),
    ("lateral ventricle", 4, 43),
    ("inferior lateral ventricle", 5, 44),
    ("cerebellum white matter", 7, 46),
    ("cerebellum cortex", 8, 47),
    ("thalamus", 10, 49),
    ("caudate", 11, 50),
    ("putamen", 12, 51),
    ("pallidum", 13, 52),
    ("hippocampus", 17, 53),
    ("amygdala", 18, 54),
    ("accumbens", 26, 58),
    ("ventral DC", 28, 60),
    ("brainstem", 16, None),
    ("3rd ventricle", 14, None),
    ("4th ventricle", 15, None),
    ("CSF", 24, None),
]
NAMES = [name for name, _, _ in STRUCTURES]
CLASSES = len(STRUCTURES)
CSF = NAMES.index("CSF")
CORTEX = NAMES.index("cerebral cortex")

# Ids that occur only in the label maps. Lesions count as white matter, the 5th ventricle and choroid plexus as ventricle.
# In the maps, choroid plexus of the lateral ventricle is 136 (left) and 163 (right), of its inferior horn 137 and 164:
# `synthseg_segmentation_labels.npy` and the voxels' neighbours agree on it. Vessels (30, 62), the optic chiasm (85) and
# tissue outside of the brain (502 to 530) are background.
EXTRA = {25: 1, 57: 1, 72: 3, 136: 3, 163: 3, 137: 4, 164: 4}

# Right id -> left id, for tissues that look alike on both sides.
MIRROR = {right: left for _, left, right in STRUCTURES if right} | {57: 25, 62: 30, 163: 136, 164: 137}

CLASS_OF = {i: c for c, (_, left, right) in enumerate(STRUCTURES) for i in (left, right) if i is not None} | EXTRA


def neuromorphometrics(table):
    """Label of Neuromorphometrics -> class, None where there is no counterpart. Odd and even gyri are cortex, vermis is cerebellum.

    table: the file that lies beside the manual labels; FreeSurfer id -> labels, and which are ignored.
    """
    out = {label: CLASS_OF[int(key)] for key, labels in table.items() if key.isdigit() and isinstance(labels, list) for label in labels}
    out |= {label: CLASS_OF[3] for label in range(100, 208)} | {label: CLASS_OF[8] for label in (71, 72, 73)}
    return out | {label: None for label in table["ignore"] if isinstance(label, int)}


def is_outside(label):
    """Whether a label of the maps is air or tissue outside of the brain and its CSF."""
    return label == 0 or 500 <= label < 600
