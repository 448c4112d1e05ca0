"""python3 -m unittest    (in this folder; needs no data)"""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from border import settle_border
from calibrate import by_name, mean_ratio
from evaluate import sides
from net import Net, depth_to_space, space_to_depth
from structures import CLASS_OF, MIRROR, NAMES, STRUCTURES
from volumes import largest_piece, normalise, read_nifti, to_ras, write_nifti


class Structures(unittest.TestCase):
    def test_both_sides_share_a_class(self):
        for right, left in MIRROR.items():
            self.assertEqual(CLASS_OF.get(right), CLASS_OF.get(left))


class Network(unittest.TestCase):
    def test_cells_go_to_channels_and_back(self):
        x = torch.rand(2, 3, 4, 6, 8)
        self.assertTrue(torch.equal(depth_to_space(space_to_depth(x)), x))

    def test_a_place_of_a_cell_agrees_with_the_whole(self):
        net, x, places = Net((8, 8, 8, 8)).eval(), torch.rand(1, 1, 32, 16, 16), torch.tensor([1, 6])
        with torch.no_grad():
            some = net.place(net.features(x), places)
            every = space_to_depth(net(x)).unflatten(1, (len(STRUCTURES), 8))
        self.assertTrue(torch.allclose(some, every[:, :, places], atol=1e-4))


class Border(unittest.TestCase):
    def test_moves_to_where_the_brightness_changes(self):
        i = np.indices((40, 40, 40)) - 19.5
        r = np.sqrt((i ** 2).sum(0))
        image = (0.25 + 0.45 * np.clip(16.5 - r, 0, 1) * np.clip(r - 7.5, 0, 1)).astype(np.float32)
        for drawn in (15.3, 16.1):
            labels = np.where(r < 8, NAMES.index("lateral ventricle"), np.where(r < drawn, NAMES.index("cerebral cortex"), NAMES.index("CSF")))
            cortex = (settle_border(labels.astype(np.uint8), image) == NAMES.index("cerebral cortex")).sum()
            self.assertAlmostEqual(cortex / (4 / 3 * np.pi * (15.9 ** 3 - 8 ** 3)), 1, delta=0.015)


class Volumes(unittest.TestCase):
    def test_turns_any_orientation_to_ras(self):
        x = np.arange(24).reshape(2, 3, 4)
        lia = np.array([[-1.0, 0, 0, 5], [0, 0, 1, -7], [0, -1, 0, 9], [0, 0, 0, 1]])
        array, affine, _ = to_ras(x, lia)
        self.assertEqual(array.shape, (2, 4, 3))
        self.assertTrue((np.diag(affine)[:3] > 0).all())
        self.assertTrue(np.allclose(affine @ [1, 0, 2, 1], lia @ [0, 0, 0, 1]))
        self.assertEqual(array[1, 0, 2], x[0, 0, 0])

    def test_reads_what_it_wrote(self):
        labels = np.random.default_rng(0).integers(0, 60, (3, 4, 5)).astype(np.uint8)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.nii.gz"
            write_nifti(path, labels, np.diag([1.0, 1, 1, 1]))
            self.assertTrue((read_nifti(path)[0] == labels).all())

    def test_keeps_the_largest_piece_by_faces_only(self):
        x = np.zeros((6, 6, 6), bool)
        x[:3, :3, :3], x[3, 3, 3:], x[5, 0, 0] = True, True, True
        kept = largest_piece(x)
        self.assertEqual(kept.sum(), 27)
        self.assertFalse(largest_piece(np.zeros((2, 2, 2), bool)).any())

    def test_white_matter_comes_near_one_at_any_gain(self):
        x = torch.cat([torch.zeros(500), torch.full((300,), 60.0), torch.full((300,), 110.0)])
        self.assertTrue(torch.allclose(normalise(x), normalise(x * 7)))
        self.assertEqual(float(normalise(x).max()), 1.0)


class Sides(unittest.TestCase):
    def test_splits_along_a_tilted_plane(self):
        labels, thalamus = np.zeros((60, 60, 40), np.uint8), NAMES.index("thalamus")
        i, j, _ = np.indices(labels.shape)
        distance = i - 30 - 0.1 * (j - 30)
        labels[(abs(distance) > 3) & (abs(distance) < 20) & (abs(j - 30) < 20)] = thalamus
        ids = sides(labels)
        self.assertTrue((ids[(labels > 0) & (distance < 0)] == 10).all())
        self.assertTrue((ids[(labels > 0) & (distance > 0)] == 49).all())


class Calibration(unittest.TestCase):
    def test_adds_both_sides_and_knows_brain_from_ventricles(self):
        volume = by_name({0: 1500, 17: 4, 53: 5, 4: 10, 43: 12, 14: 1, 2: 200, 24: 99})
        self.assertEqual((volume["hippocampus"], volume["ventricles"], volume["brain"], volume["intracranial"]), (9, 23, 209, 1500))

    def test_ratio_is_a_geometric_mean_of_what_was_found(self):
        pairs = [({"x": 2}, {"x": 1}), ({"x": 1}, {"x": 2}), ({"x": 0}, {"x": 2})]
        ratio, spread = mean_ratio(pairs, "x")
        self.assertAlmostEqual(ratio, 1)
        self.assertAlmostEqual(spread, 2 ** 0.5 * np.log(2))


if __name__ == "__main__":
    unittest.main()
