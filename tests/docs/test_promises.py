# SPDX-License-Identifier: GPL-2.0
"""The evidence that the page of promises names is there."""

import re
import unittest
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
PAGE = TREE / "Documentation/explanation/promises.rst"
# Words of the page in this form that are no tests.
OTHERS = {"unsafe", "split", "physical_address", "kvfree_atomic"}


def cells(text: str) -> list[str]:
    """The cells of the page's tables."""
    found = re.findall(r"^   (?:\* -|  -) ((?:.|\n(?=       ))*)", text, re.MULTILINE)
    return [" ".join(cell.split()) for cell in found]


class Promises(unittest.TestCase):
    def test_the_evidence_exists(self) -> None:
        names = {
            name
            for cell in cells(PAGE.read_text())
            for name in re.findall(r"``([a-z]+(?:_[a-z0-9]+)*)``", cell)
        } - OTHERS
        self.assertGreater(len(names), 50)
        for name in names:
            places = (
                TREE / f"tests/compile_fail/{name}.rs",
                TREE / f"scripts/selftests/{name}.sh",
            )
            self.assertTrue(any(place.exists() for place in places), name)


if __name__ == "__main__":
    unittest.main()
