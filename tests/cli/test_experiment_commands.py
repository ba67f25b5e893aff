# SPDX-License-Identifier: GPL-2.0
"""The commands about experiments: exit statuses and output."""

import contextlib
import errno
import io
import json
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

from memalloc_cli import main
from memalloc_cli.interface import Answer

from . import laboratory
from .laboratory import Invented
from .synthetic import Source, Wanted, write

KMALLOC = ("latency allocator=kmalloc via=c sizes=sweep from=64 to=64k step=x4",)


class Commands(unittest.TestCase):
    """With a laboratory that is none."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)
        self.laboratory = Invented()

    def call(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch.object(main, "Laboratory", lambda _directory: self.laboratory),
        ):
            try:
                status = main.main(list(words))
            except SystemExit as end_of_program:
                status = int(end_of_program.code or 0)
        return status, out.getvalue(), err.getvalue()

    def write(self, name: str, wanted: Wanted) -> str:
        return str(write(self.path / name, wanted))

    def test_record_and_replay(self) -> None:
        one, other = str(self.path / "a"), str(self.path / "b")
        words = ("--run", "compare", "--run", "claims", "--repeat", "2")
        status, out, err = self.call("record", one, *words)
        self.assertEqual((status, out), (0, f"4 runs, 2 of each command, are in {one}\n"))
        self.assertEqual(err.count("compare: "), 2)
        order = list(self.laboratory.asked)
        status, _, _ = self.call("replay", one, other)
        self.assertEqual(status, 0)
        self.assertEqual(self.laboratory.asked[4:], order)
        about = json.loads((self.path / "b" / "experiment.json").read_text())
        self.assertEqual(about["replay_of"], one)

    def test_record_leaves_out_what_is_not_known(self) -> None:
        status, _, err = self.call(
            "record", str(self.path / "a"), "--set", "quick", "--repeat", "1"
        )
        self.assertEqual(status, 0)
        self.assertIn("left out: fragment: the module has no scenario 'fragment'", err)

    def test_record_refuses_what_is_wanted_and_not_known(self) -> None:
        status, _, err = self.call("record", str(self.path / "a"), "--run", "fragment")
        self.assertEqual(status, 1)
        self.assertIn("the module has no scenario 'fragment'", err)
        self.assertFalse((self.path / "a").exists())

    def test_each_run_of_record_is_one_command(self) -> None:
        folder = str(self.path / "a")
        words = ("record", "--repeat", "1", "--run", "compare count=2", folder)
        done = f"1 run, 1 of each command, is in {folder}\n"
        self.assertEqual(self.call(*words)[:2], (0, done))
        self.assertEqual(self.laboratory.asked, ["compare count=2"])
        # The quotes were forgotten.
        words = ("record", f"{folder}/b", "--run", "compare", "count=2", "claims")
        status, _, err = self.call(*words)
        self.assertEqual(status, 2)
        self.assertIn("unrecognized arguments: count=2 claims", err)

    def test_replay_refuses_what_is_not_known_here(self) -> None:
        before = self.write("a", Wanted(commands=("scale",)))
        status, _, err = self.call("replay", before, str(self.path / "b"))
        self.assertEqual(status, 1)
        self.assertIn("cannot be repeated here: 'scale'", err)

    def test_record_tells_how_it_ended(self) -> None:
        for special, expected, reason in (
            (laboratory.refused, 1, "at least 1"),
            (laboratory.cancelled, 130, "cancelled"),
        ):
            self.laboratory = Invented()
            self.laboratory.special[1] = special
            folder = str(self.path / reason)
            status, _, err = self.call("record", folder, "--run", "compare")
            self.assertEqual(status, expected)
            self.assertIn(reason, err)
        self.laboratory = Invented()
        self.laboratory.special[1] = self.laboratory.end_early
        status, _, err = self.call("record", str(self.path / "c"), "--run", "compare")
        self.assertEqual(status, 1)
        self.assertIn("cut short: compare: out of time", err)

    def test_compare_tells_what_differs_by_its_status(self) -> None:
        wanted = Wanted(repeat=10, commands=KMALLOC, outliers=0)
        slow = {"kmalloc": 1.5}
        before = self.write("a", wanted)
        for name, after, expected in (
            ("same", replace(wanted, seed=2), 0),
            ("worse", replace(wanted, seed=3, slowed=slow), 4),
            ("few", replace(wanted, seed=4, repeat=2), 1),
            ("other", replace(wanted, commands=("scale",)), 1),
        ):
            with self.subTest(name):
                status, out, _ = self.call("compare", before, self.write(name, after))
                self.assertEqual(status, expected, out)
        better = self.call("compare", str(self.path / "worse"), before)
        self.assertEqual(better[0], 0)
        self.assertIn("12 better (I)", better[1])

    def test_compare_says_why_there_is_nothing_to_compare(self) -> None:
        before = self.write("a", Wanted(commands=KMALLOC))
        after = self.write("b", Wanted(commands=("scale",)))
        reason = f"a and b ran different commands, such as '{KMALLOC[0]}' and 'scale'."
        for form, is_told in (("text", False), ("json", True)):
            status, out, err = self.call("compare", before, after, "--format", form)
            self.assertEqual((status, reason in out, reason in err), (1, not is_told, is_told))

    def test_compare_in_all_forms(self) -> None:
        one = self.write("a", Wanted(commands=KMALLOC, repeat=6))
        other = self.write("b", Wanted(commands=KMALLOC, repeat=6, seed=2))
        for form, part in (
            ("text", "== Result =="),
            ("markdown", "### Result"),
            ("csv", "operation,machine,kernel"),
            ("json", '"kind": "comparison"'),
        ):
            status, out, _ = self.call("compare", one, other, "--format", form)
            self.assertEqual(status, 0)
            self.assertIn(part, out)
        status, out, _ = self.call("compare", one, other, "--changed", "--figure", "p99")
        self.assertEqual(status, 0)
        self.assertNotIn("allocate p99", out)

    def test_folders_that_are_none(self) -> None:
        for words in (
            ("compare", "/nonexistent", "/nonexistent"),
            ("replay", "/nonexistent", str(self.path / "x")),
            ("report", str(self.path)),
            ("plot", str(self.path)),
        ):
            with self.subTest(words):
                status, _, err = self.call(*words)
                self.assertEqual(status, 1)
                self.assertTrue(err.startswith("memalloc: "))

    def test_a_folder_of_recordings_is_not_one(self) -> None:
        for name in ("a/1", "a/2"):
            self.write(name, Wanted(repeat=1, commands=KMALLOC))
        folder = str(self.path / "a")
        for words in (
            ("plot", folder),
            ("report", folder, "--no-plots"),
            ("replay", folder, str(self.path / "b")),
        ):
            with self.subTest(words):
                status, _, err = self.call(*words)
                self.assertEqual(status, 1)
                reason = f"holds 2 recordings, and one has to be named, such as {folder}/1"
                self.assertEqual(err, f"memalloc: {folder}: {reason}\n")

    def test_report(self) -> None:
        folder = self.write("a", Wanted(commands=("claims",)))
        status, out, _ = self.call("report", folder, "--no-plots")
        self.assertEqual((status, out), (0, f"{folder}/report.html\n"))
        path = str(self.path / "x.html")
        self.assertEqual(self.call("report", folder, "--no-plots", "-o", path)[1], f"{path}\n")
        self.assertTrue(Path(path).read_text().startswith("<!DOCTYPE html>"))
        taken = str(self.path / "taken")
        Path(taken).mkdir()
        for wrong, reason in (
            ("/nonexistent/x.html", "No such file or directory"),
            (taken, "Is a directory"),
        ):
            status, _, err = self.call("report", folder, "--no-plots", "-o", wrong)
            self.assertEqual((status, err), (1, f"memalloc: {wrong}: {reason}\n"))
            self.assertFalse(Path(f"{wrong}.new").exists())
        other = self.write("b", Wanted(commands=("claims", "scale")))
        self.assertEqual(self.call("report", other, "--no-plots", "--against", folder)[0], 0)
        self.assertIn("What differs from a", (self.path / "b" / "report.html").read_text())

    def test_without_matplotlib(self) -> None:
        folder = self.write("a", Wanted(commands=("scale",)))
        with mock.patch.dict(sys.modules, {"matplotlib": None, "matplotlib.figure": None}):
            for name in [name for name in sys.modules if name.startswith("memalloc_cli.figures")]:
                del sys.modules[name]
            for words in (("report", folder), ("plot", folder)):
                status, _, err = self.call(*words)
                self.assertEqual(status, 1)
                self.assertIn("matplotlib", err)
                self.assertIn(f"scripts/enter -- scripts/memalloc {words[0]} …\n", err)
                self.assertEqual("--no-plots" in err, words[0] == "report")
            self.assertEqual(self.call("report", folder, "--no-plots")[0], 0)

    def test_malloc(self) -> None:
        status, out, _ = self.call("malloc", "to=1k", "repeat=1")
        self.assertEqual(status, 0)
        self.assertEqual(len([line for line in out.splitlines() if " malloc " in line]), 2)
        status, out, _ = self.call("malloc", "--json", "to=64", "repeat=1")
        kinds = [json.loads(line)["kind"] for line in out.splitlines()]
        self.assertEqual(kinds, ["begin", "malloc", "limit", "end"])
        self.assertEqual(self.call("malloc", "size=1")[0], 2)

    def test_run_suggests_near_names(self) -> None:
        for name, hint in (("comapre", "; did you mean compare?"), ("xyz", ""), ("compare", "")):
            self.laboratory = Invented()
            refusal = Answer(f"refused: unknown scenario '{name}'\n", errno.EINVAL)
            self.laboratory.special[1] = [refusal].pop
            reason = f"memalloc: unknown scenario '{name}'{hint}\n"
            self.assertEqual(self.call("run", name), (1, "", reason))

    def test_malloc_beside_the_kernel(self) -> None:
        self.laboratory = Invented(Source(Wanted()))
        status, out, _ = self.call("malloc", "--compare", "repeat=1")
        self.assertEqual(status, 0)
        self.assertEqual(self.laboratory.asked, ["compare from=64 to=4M step=x16 count=4 repeat=1"])
        rows = [line.split()[:2] for line in out.splitlines()[1:6]]
        self.assertEqual(
            rows, [["64", name] for name in ("kmalloc", "vmalloc", "kvmalloc", "pages", "malloc")]
        )

    def test_results_that_another_run_replaced(self) -> None:
        reason = "memalloc: the results of run 999 are gone: another run followed it\n"
        for words in (("malloc", "--compare", "to=64", "repeat=1"), ("run", "--json", "compare")):
            with self.subTest(words):
                self.laboratory = Invented()
                self.laboratory.special[1] = laboratory.lost
                self.assertEqual(self.call(*words), (1, "", reason))
        self.laboratory = Invented()
        self.laboratory.special[2] = laboratory.lost
        status, out, _ = self.call("choose", "--size", "100")
        self.assertEqual((status, out.count("the results of run 999 are gone")), (0, 1))

    def test_an_interrupt_ends_choose(self) -> None:
        for number, measured in ((1, 0), (3, 2)):
            self.laboratory = Invented()
            self.laboratory.special[number] = laboratory.cancelled
            status, out, err = self.call("choose", "--size", "100")
            self.assertEqual(status, 130)
            self.assertIn("cancelled by a signal", err)
            self.assertIn("allocator  kmalloc", out)
            self.assertEqual(out.count("this machine"), measured)

    def test_free_takes_several_names(self) -> None:
        gone = Answer("refused: 'b' is not held\n", errno.ENOENT)
        self.laboratory.special[2] = [gone].pop
        status, out, err = self.call("free", "a", "b", "c")
        self.assertEqual(self.laboratory.asked, ["free name=a", "free name=b", "free name=c"])
        self.assertEqual((status, out), (1, "run 3: free name=c\n"))
        self.assertEqual(err, "memalloc: 'b' is not held\n")

    def test_a_preset_is_for_latency(self) -> None:
        self.call("run", "preset=lab-bulk", "via=c")
        self.assertEqual(self.laboratory.asked, ["latency preset=lab-bulk via=c"])

    def test_completion(self) -> None:
        for words, expected in (
            (("run", "preset=l"), ["preset=lab-bulk"]),
            (("run", "preset=slab-pair", "v"), ["via="]),
            (("run", "latency", "via="), ["via=library", "via=c", "via=all"]),
            (("record", "DIR", "--run", "cl"), ["claims"]),
            (("compare", "--by", "k"), ["kernel"]),
            (("compare", "a", "b", "--format", ""), ["text", "markdown", "csv", "json"]),
            (("malloc", "from=1", "s"), ["step="]),
        ):
            with self.subTest(words):
                self.assertEqual(self.call("complete", "--", *words)[1].split(), expected)
