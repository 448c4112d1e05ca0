#!/usr/bin/env python3
"""The conformance statement is what the program prints."""
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenarios"))
from case import larmor, main  # noqa: E402


class Conformance(unittest.TestCase):
    def test_the_page_is_what_the_program_prints(self):
        self.assertEqual((ROOT / "docs/conformance/README.md").read_text(), larmor("conformance").stdout,
                         "run `larmor conformance > docs/conformance/README.md` and read what changed")


if __name__ == "__main__":
    main()
