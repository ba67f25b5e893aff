# SPDX-License-Identifier: GPL-2.0
"""What is told of tests in KTAP, above all of those that do not come to run."""

import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

KTAP = Path(__file__).parents[1] / "ktap.py"


def told(body: str) -> tuple[int, list[str]]:
    """The status, and the lines but for remarks, for a class with this body."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "made")
        folder.mkdir()
        (folder / "__init__.py").touch()
        text = "import unittest\n\n\nclass Made(unittest.TestCase):\n" + textwrap.indent(
            body, "    "
        )
        (folder / "test_made.py").write_text(text)
        command = [sys.executable, "-B", str(KTAP), "made"]
        done = subprocess.run(command, cwd=name, capture_output=True, text=True)
    return done.returncode, [line for line in done.stdout.splitlines() if line[0] != "#"]


GOOD = "def test_good(self):\n    pass\n"
BAD = "def test_bad(self):\n    self.fail()\n"
SKIPPED = "def test_skipped(self):\n    self.skipTest('why')\n"
CLASS = "@classmethod\ndef setUpClass(cls):\n    raise {}\n"


class Ktap(unittest.TestCase):
    """A table of classes."""

    def test_each_case_has_a_line(self) -> None:
        status, lines = told(GOOD + SKIPPED)
        self.assertEqual(
            (status, lines[1:]), (0, ["1..2", "ok 1 - good", "ok 2 - skipped # SKIP why"])
        )
        self.assertEqual(told(BAD + GOOD)[0], 1)

    def test_what_sets_up_a_class_may_fail(self) -> None:
        status, lines = told(CLASS.format("OSError") + GOOD)
        self.assertEqual((status, lines[1]), (1, "1..1"))
        self.assertRegex(lines[2], r"^not ok 1 - setUpClass \(")

    def test_fewer_than_planned_are_a_failure(self) -> None:
        self.assertEqual(told(CLASS.format("unittest.SkipTest('why')") + GOOD)[0], 1)
        self.assertEqual(told("pass\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
