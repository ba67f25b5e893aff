# SPDX-License-Identifier: GPL-2.0
"""What is wrong with what a command of the documentation printed."""

import unittest
from pathlib import Path

from docs_outputs.blocks import Block, Command
from docs_outputs.main import complaints
from docs_outputs.plan import Ran

DOCUMENTED = ["complete: 1 allocations"]


def complained(ran: Ran, is_refused: bool = False) -> list[str]:
    """Of a block with one command."""
    command = Command("#", "cat report | grep complete", 7, list(DOCUMENTED))
    block = Block(Path("page.rst"), 6, 9, "   ", is_refused, [command])
    return list(complaints(block, [ran]))


class Complaints(unittest.TestCase):
    def test_none(self) -> None:
        self.assertEqual(complained(Ran(0, DOCUMENTED)), [])
        self.assertEqual(complained(Ran(1, DOCUMENTED), is_refused=True), [])

    def test_a_command_fails_or_ought_to(self) -> None:
        self.assertIn("ended with status 1", complained(Ran(1, DOCUMENTED))[0])
        self.assertIn("was refused", complained(Ran(0, DOCUMENTED), is_refused=True)[0])

    def test_nothing_is_printed_any_more(self) -> None:
        self.assertIn("printed nothing", complained(Ran(0, []))[0])

    def test_an_output_looks_like_a_command(self) -> None:
        self.assertIn("taken for a command", complained(Ran(0, ["# one"]))[0])
