# SPDX-License-Identifier: GPL-2.0
"""Which words may come next."""

import unittest

from memalloc_cli import completion, options, scenarios

from . import fixtures


class Words(unittest.TestCase):
    """A table of command lines."""

    def setUp(self) -> None:
        self.known = scenarios.parse(fixtures.SCENARIOS)

    def candidates(self, line: str) -> list[str]:
        return completion.candidates(line.split(" "), self.known, ["a", "b-2"])

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
            ("run claims ", []),
            ("run unknown ", []),
            ("free ", ["a", "b-2"]),
            ("free b", ["b-2"]),
            ("free --", ["--all"]),
            ("hold name al", ["allocator="]),
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

    def test_nothing_typed_yet(self) -> None:
        self.assertEqual(completion.candidates([], [], []), list(completion.COMMANDS))

    def test_the_commands_are_those_of_the_program(self) -> None:
        for command in completion.COMMANDS:
            with self.subTest(command):
                self.assertIn(f" {command} ", options.parser().format_help() + " ")

    def test_the_options_are_those_of_the_program(self) -> None:
        for command, words in completion.OPTIONS.items():
            for word in words:
                with self.subTest(command=command, word=word):
                    self.assertIn(word, self.help_of(command))

    def help_of(self, command: str) -> str:
        import contextlib
        import io

        text = io.StringIO()
        with contextlib.redirect_stdout(text), self.assertRaises(SystemExit):
            options.parser().parse_args([command, "--help"])
        return text.getvalue()
