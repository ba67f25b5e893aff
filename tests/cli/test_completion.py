# SPDX-License-Identifier: GPL-2.0
"""Which words may come next."""

import re
import unittest
from pathlib import Path

from memalloc_cli import completion, options, scenarios
from memalloc_cli.scenarios import Parameter

from . import fixtures

REFERENCE = Path(__file__).parents[2] / "Documentation/reference/scenarios.rst"
FLAGS = ["+zero", "+nowarn", "+account", "+thisnode", "+noretry", "+retry_mayfail"]
BASES = ["kernel", "user", "noio", "nofs", "nowait", "atomic"]
# All words that parameters take; the others take numbers.
WORDS = {
    "allocator": ["kmalloc", "vmalloc", "kvmalloc", "pages", "all"],
    "order": ["none"],
    "gfp": [
        *BASES,
        *(f"{base}{flag}" for base in BASES[:4] for flag in FLAGS),
        *(f"{base}{flag}" for base in BASES[4:] for flag in FLAGS[:4]),
    ],
    "node": ["any"],
    "zero": ["yes", "no"],
    "preset": [
        "none",
        "lab-bulk",
        "lab-repeat",
        "lab-rand",
        "lab-frag",
        "slab-repeat",
        "slab-pair",
        "slab-remote",
        "page-pair",
        "page-outstanding",
        "page-cross",
        "vmalloc-fix-size",
        "vmalloc-full-fit",
        "vmalloc-long-busy-list",
        "vmalloc-random-size",
        "vmalloc-fix-align",
        "vmalloc-no-block",
    ],
    "via": ["library", "c", "all"],
    "sizes": ["fixed", "sweep", "uniform", "powers"],
    "pattern": ["pair", "batch", "all", "remote", "steady"],
    "free_order": ["lifo", "fifo", "shuffled"],
    "cpus": ["all"],
    "kind": [
        "list",
        "read_after_free",
        "write_after_free",
        "double_free",
        "read_out_of_bounds",
        "write_out_of_bounds",
        "kfree_of_page",
        "vfree_of_kmalloc",
        "kfree_of_vmalloc",
        "free_of_larger_order",
        "leak",
        "read_uninitialised",
        "sleep_under_spinlock",
        "sleep_in_interrupt",
        "vfree_under_spinlock",
    ],
    "language": ["c", "rust"],
}


class Words(unittest.TestCase):
    """A table of command lines."""

    def setUp(self) -> None:
        syntax = map(scenarios.parameter_of, fixtures.HELD.splitlines())
        self.known = completion.Known(
            scenarios.parse(fixtures.SCENARIOS),
            ["a", "b-2"],
            [one for one in syntax if one is not None and one.key != "name"],
        )

    def candidates(self, line: str) -> list[str]:
        return completion.candidates(line.split(" "), self.known)

    def test_table(self) -> None:
        for line, expected in (
            ("r", ["run", "results", "record", "replay", "report"]),
            ("run ", ["probe", "sweep", "claims"]),
            ("run s", ["sweep"]),
            ("run --json p", ["probe"]),
            ("run --j", ["--json"]),
            ("explain c", ["claims"]),
            ("run probe s", ["size="]),
            ("run probe size=1 s", []),
            ("run probe zero=", ["zero=yes", "zero=no"]),
            ("run probe node=", ["node=any"]),
            ("run probe size=", ["size=100"]),
            (
                "run probe allocator=",
                [
                    "allocator=kmalloc",
                    "allocator=vmalloc",
                    "allocator=kvmalloc",
                    "allocator=pages",
                    "allocator=all",
                ],
            ),
            (
                "run probe allocator=kmalloc,",
                [
                    "allocator=kmalloc,vmalloc",
                    "allocator=kmalloc,kvmalloc",
                    "allocator=kmalloc,pages",
                ],
            ),
            ("run probe allocator=kmalloc,pages,v", ["allocator=kmalloc,pages,vmalloc"]),
            ("run probe zero=yes,", []),
            ("run claims ", []),
            ("run unknown ", []),
            ("free ", ["a", "b-2"]),
            ("free b", ["b-2"]),
            ("free --", ["--all"]),
            ("free a ", ["b-2"]),
            ("hold ", []),
            ("hold name ", ["allocator=", "size=", "zero="]),
            ("hold name al", ["allocator="]),
            ("hold name zero=", ["zero=yes", "zero=no"]),
            ("malloc --", ["--json", "--compare"]),
            ("malloc to=", ["to=4M"]),
            ("unknown ", []),
            ("watch --", ["--interval", "--count"]),
            ("choose --context a", ["atomic", "atomic-free"]),
            ("choose --li", ["--lifetime"]),
            ("list ", []),
        ):
            with self.subTest(line):
                self.assertEqual(self.candidates(line), expected)

    def test_flags_and_modifiers(self) -> None:
        found = self.candidates("run probe gfp=ke")
        self.assertEqual(found[:2], ["gfp=kernel", "gfp=kernel+zero"])
        self.assertIn("gfp=kernel+retry_mayfail", found)
        found = self.candidates("run probe gfp=atomic")
        self.assertIn("gfp=atomic+account", found)
        self.assertNotIn("gfp=atomic+noretry", found)
        self.assertEqual(
            self.candidates("run probe gfp=n")[:3], ["gfp=noio", "gfp=nofs", "gfp=nowait"]
        )

    def test_the_words_are_those_of_the_reference(self) -> None:
        text = REFERENCE.read_text(encoding="utf-8").replace("\\", "")
        # What a parameter means in some scenario may stand between.
        section = r"^``(\w+)``\n(?:\n?   (?!It takes).*\n)+\n   It takes (.+)\.$"
        accepted = dict(re.findall(section, text, re.MULTILINE))
        self.assertGreater(len(accepted), 20)
        for key, accepts in accepted.items():
            with self.subTest(key):
                found = completion.values(Parameter(key, "", "", accepts))
                self.assertEqual(found, WORDS.get(key, []))
        self.assertLessEqual(WORDS.keys(), accepted.keys())

    def test_nothing_typed_yet(self) -> None:
        commands = list(options.commands_of(options.parser()))
        self.assertEqual(completion.candidates([], completion.NOTHING), commands)
        self.assertIn("list", commands)
        self.assertNotIn("complete", commands)
