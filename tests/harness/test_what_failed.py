# SPDX-License-Identifier: GPL-2.0
"""What is told again at the end of a long log."""

import subprocess
import tempfile
import unittest
from pathlib import Path

WHAT_FAILED = Path(__file__).parents[2] / "scripts" / "lib" / "what-failed"

TESTS = """\
KTAP version 1
1..3
  KTAP version 1
  # Subtest: unload
  1..3
  # a remark on what passed
  ok 1 - it loads
  # expected 'x', got 'y'
  not ok 2 - it unloads
  # a remark on the next
  ok 3 - it loads again
  # Totals: pass:2 fail:1 skip:0
not ok 1 - stock/default/unload
  KTAP version 1
  # Subtest: pressure
  1..1
  ok 1 - it ends
  # Totals: pass:1 fail:0 skip:0
# the kernel complained during 'it ends': BUG
not ok 2 - stock/tiny/pressure
1 passed, 2 failed, 0 skipped
"""

CHECKS = """\
ok - rustfmt
not ok - the manual pages
# memalloc.1 does not name '--against'
ok - shellcheck
# nothing
"""


def told(text: str) -> list[str]:
    """What the program prints of it."""
    with tempfile.NamedTemporaryFile("w") as stream:
        stream.write(text)
        stream.flush()
        done = subprocess.run(
            [WHAT_FAILED, stream.name], check=True, capture_output=True, text=True
        )
    return [line.strip() for line in done.stdout.splitlines()]


class WhatFailed(unittest.TestCase):
    def test_cases_have_their_own_remarks(self) -> None:
        self.assertEqual(
            told(TESTS),
            [
                "# unload",
                "# expected 'x', got 'y'",
                "not ok 2 - it unloads",
                "not ok 1 - stock/default/unload",
                "# the kernel complained during 'it ends': BUG",
                "not ok 2 - stock/tiny/pressure",
            ],
        )

    def test_checks_have_the_remarks_below_them(self) -> None:
        self.assertEqual(
            told(CHECKS),
            ["not ok - the manual pages", "# memalloc.1 does not name '--against'"],
        )

    def test_many_cases_of_one_subtest_are_cut_short(self) -> None:
        many = "# Subtest: many\n" + "".join(f"  not ok {n} - {n}\n" for n in range(1, 101))
        lines = told(many)
        self.assertLess(len(lines), 20)
        self.assertEqual(lines[-1], "# and more")

    def test_nothing_failed(self) -> None:
        self.assertEqual(told("ok - all\n"), [])


if __name__ == "__main__":
    unittest.main()
