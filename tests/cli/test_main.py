# SPDX-License-Identifier: GPL-2.0
"""The commands that need files only, with a folder in the place of the module's."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from memalloc_cli import VERSION, main, options, progress, watch
from memalloc_cli.interface import Answer, Laboratory

from . import fixtures
from .fixtures import begin, end, lines, series

PROGRAM = Path(main.__file__).parents[1] / "memalloc"
TREE = PROGRAM.parents[1]


class Commands(unittest.TestCase):
    """Exit status and output."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)
        self.folder = fixtures.folder(self.path)

    def call(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main.main(["--directory", self.folder, *words])
            except SystemExit as end_of_program:
                status = int(end_of_program.code or 0)
        return status, out.getvalue(), err.getvalue()

    def test_list(self) -> None:
        status, out, _ = self.call("list")
        self.assertEqual((status, out.count("\n")), (0, 3))

    def test_explain(self) -> None:
        self.assertEqual(self.call("explain", "claims")[0], 0)
        status, _, err = self.call("explain", "sweeep")
        self.assertEqual(status, 1)
        self.assertIn("did you mean sweep?", err)

    def test_no_laboratory(self) -> None:
        self.folder = "/nonexistent"
        for words in (["list"], ["run", "probe"], ["held"], ["free", "--all"], ["watch"]):
            with self.subTest(words):
                status, _, err = self.call(*words)
                self.assertEqual(status, 3)
                self.assertIn("not loaded", err)
                self.assertIn("\n  in this repository: scripts/vm -- scripts/memalloc", err)
                self.assertNotIn("--no-measure", err)
        status, _, err = self.call("choose", "--size", "100")
        self.assertEqual(status, 3)
        self.assertIn("\n  --no-measure or --results FILE need no module\n", err)

    def test_a_closed_pipe(self) -> None:
        for words in ("list", "--help", "choose --size 4k --no-measure"):
            with self.subTest(words):
                # argparse tells nobody of an error when it writes help without a buffer.
                program = subprocess.Popen(
                    [sys.executable, "-B", PROGRAM, "--directory", self.folder, *words.split()],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={key: os.environ[key] for key in os.environ if key != "PYTHONUNBUFFERED"},
                )
                assert program.stdout
                program.stdout.close()
                _, err = program.communicate()
                self.assertEqual((program.returncode, err), (141, b""))

    def test_wrong_use(self) -> None:
        for words in (
            [],
            ["free"],
            ["free", "a", "--all"],
            ["choose", "--size", "0"],
            ["choose", "--size", "4x"],
            ["watch", "--count", "-1"],
            ["bad"],
            ["watch", "--interval", "nan"],
        ):
            with self.subTest(words):
                self.assertEqual(self.call(*words)[0], 2)

    def test_what_a_command_does_not_know(self) -> None:
        for line, command, reason in (
            ("run probe --size 4k", "run", "--size( 4k)?; write size=4k"),
            (
                "run probe a=1 --size=4k --zero yes",
                "run",
                "--size=4k --zero( yes)?; write size=4k zero=yes",
            ),
            ("hold a --size 4k", "hold", "--size( 4k)?; write size=4k"),
            ("malloc --to 1k", "malloc", "--to( 1k)?; write to=1k"),
            ("run --verbose probe", "run", "--verbose"),
            ("choose --json", "choose", "--json"),
            ("list now", "list", "now"),
        ):
            with self.subTest(line):
                status, _, err = self.call(*line.split())
                self.assertEqual(status, 2)
                self.assertTrue(err.startswith(f"usage: memalloc {command} "), err)
                end = f"\nmemalloc {command}: error: unrecognized arguments: {reason}\n$"
                self.assertRegex(err, end)

    def test_held(self) -> None:
        status, out, _ = self.call("held")
        self.assertEqual((status, out.count("\n")), (0, 3))

    def test_watch(self) -> None:
        status, out, _ = self.call("watch", "--count", "1")
        self.assertEqual(status, 0)
        self.assertIn("no run is under way", out)
        self.assertIn("b-2", out)

    def test_results(self) -> None:
        file = self.path / "a.jsonl"
        file.write_text(lines(begin(), series("kmalloc", 8), end()))
        status, out, _ = self.call("results", str(file))
        self.assertEqual(status, 0)
        self.assertIn("kmalloc", out)
        self.assertIn("==>", self.call("results", str(file), str(file))[1])

    def test_results_of_the_last_run(self) -> None:
        (self.path / "results").write_text("")
        status, _, err = self.call("results")
        self.assertEqual((status, err.count("no run")), (1, 1))
        (self.path / "results").write_text(lines(begin(), series("kmalloc", 8), end()))
        status, out, _ = self.call("results")
        self.assertEqual((status, out.count("run 1: sweep")), (0, 1))

    def test_environment_and_stats(self) -> None:
        self.assertEqual(self.call("environment"), (0, fixtures.ENVIRONMENT, ""))
        self.assertEqual(self.call("stats"), (0, fixtures.STATS, ""))
        found = json.loads(self.call("environment", "--json")[1])
        self.assertEqual((found["kernel"], found["page_bytes"]), ("7.3.4", 4096))
        self.assertNotIn("allocators", found)
        found = json.loads(self.call("stats", "--json")[1])
        self.assertEqual(found["max_live_bytes"], 251379712)
        self.assertEqual(found["allocators"]["vmalloc"]["failures"], 3)
        self.assertEqual(list(found["allocators"]), ["kmalloc", "vmalloc"])

    def test_version(self) -> None:
        self.assertEqual(self.call("--version"), (0, f"memalloc {VERSION}\n", ""))
        for file, text in (
            ("dkms.conf", f'PACKAGE_VERSION="{VERSION}"\n'),
            ("rust_memalloc.rs", f'const VERSION: &str = "{VERSION}";\n'),
            ("Documentation/man/memalloc.1", f'"rust_memalloc {VERSION}"'),
        ):
            self.assertIn(text, (TREE / file).read_text(encoding="utf-8"))

    def test_what_is_for_the_shells_is_not_told(self) -> None:
        status, _, err = self.call("prbe")
        self.assertEqual(status, 2)
        self.assertIn("report", err)
        self.assertNotIn("complete", err)
        self.assertNotIn("complete", self.call("--help")[1])

    def test_each_command_has_a_description(self) -> None:
        for name, grammar in options.commands_of(options.parser()).items():
            self.assertTrue(grammar.description, name)
            for action in grammar._actions:
                self.assertTrue(action.help, f"{name}: {action.dest}")

    def test_bad_results(self) -> None:
        file = self.path / "a.jsonl"
        file.write_bytes(b"\xff\xfe")
        for path in (str(file), "/nonexistent", str(self.path), self.folder + "/environment"):
            with self.subTest(path):
                status, _, err = self.call("results", path)
                self.assertEqual(status, 1)
                self.assertIn(path, err)

    def test_choose_offline(self) -> None:
        file = self.path / "a.jsonl"
        file.write_text(lines(begin(), series("kmalloc", 128), end()))
        status, out, _ = self.call("choose", "--size", "100", "--results", str(file))
        self.assertEqual(status, 0)
        self.assertIn("a.jsonl, kernel 7.3.4", out)
        status, out, _ = self.call("choose", "--size", "100", "--no-measure")
        self.assertIn("kmalloc(100, GFP_KERNEL)", out)

    def test_choose_the_impossible(self) -> None:
        words = ["choose", "--size", "5M", "--contiguous", "--context", "atomic", "--no-measure"]
        status, _, err = self.call(*words)
        self.assertEqual(status, 1)
        self.assertIn("alloc_contig_pages", err)

    def test_complete(self) -> None:
        self.assertEqual(self.call("complete", "--", "free", ""), (0, "a\nb-2\n", ""))
        self.assertEqual(self.call("complete", "--", "run", "--j"), (0, "--json\n", ""))
        self.folder = "/nonexistent"
        self.assertEqual(self.call("complete", "--", "ru"), (0, "run\n", ""))


class Answers(unittest.TestCase):
    """What became of a command."""

    def test_kinds(self) -> None:
        refused = Answer("refused: unknown scenario 'x'\n", 22)
        self.assertTrue(refused.is_refused)
        self.assertEqual(refused.reason, "unknown scenario 'x'")
        stopped = Answer("run 7: probe\nquestion\n\nstopped: cancelled by a signal; after 3\n", 125)
        self.assertTrue(stopped.is_cancelled)
        self.assertFalse(stopped.is_refused)
        self.assertEqual((stopped.run_id, stopped.reason[:9]), (7, "cancelled"))
        self.assertEqual(Answer("no answer", 12).reason, "Cannot allocate memory")

    def test_files_of_the_module_are_commands_here(self) -> None:
        complaints = (TREE / "lab/command/complaint.rs").read_text(encoding="utf-8")
        for file, command in (("scenarios", "list"), ("held", "held")):
            (words,) = re.findall(f"the file '{file}' [a-z ]+", complaints)
            reason = Answer(f"refused: no such thing; {words}\n", 22).reason
            self.assertEqual(reason, f"no such thing; see memalloc {command}")

    def test_a_run_may_not_be_read_as_a_refusal(self) -> None:
        self.assertFalse(Answer("run 7: probe\nrefused: not at the start\n", 12).is_refused)


class Progress(unittest.TestCase):
    """How far a run has come."""

    TEXT = "run 7\nscenario sweep\ndone 5\ntotal 10\nelapsed_ms 1500\n"

    def test_parsing(self) -> None:
        self.assertIsNone(progress.parse("idle\n"))
        self.assertEqual(progress.parse(self.TEXT), progress.Progress(7, "sweep", 5, 10, 1500))

    def test_bars(self) -> None:
        for done, total, filled, percent in (
            (0, 10, 0, 0),
            (5, 10, 15, 50),
            (10, 10, 30, 100),
            (11, 10, 30, 100),
            (1, 1000, 0, 0),
        ):
            bar = progress.bar(progress.Progress(1, "sweep", done, total, 1500))
            self.assertEqual(bar.count("#"), filled)
            self.assertIn(f"{percent}%", bar)
        self.assertEqual(progress.bar(progress.Progress(1, "x", 1, 0, 1500)), "x: 1.5 s")

    def test_files_that_cannot_be_read(self) -> None:
        self.assertIsNone(progress.look(Laboratory("/nonexistent")))

    def test_held_ends_before_the_syntax(self) -> None:
        self.assertEqual(watch.held_table(fixtures.HELD).count("\n"), 3)
