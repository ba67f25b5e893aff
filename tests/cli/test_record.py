# SPDX-License-Identifier: GPL-2.0
"""Recordings: the plan, the folder, and how they end."""

import contextlib
import io
import json
import random
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from typing import NoReturn

from memalloc_cli.interface import Answer
from memalloc_cli.recording import experiment, plan
from memalloc_cli.recording.record import InterruptedRunError, Remarks, StoppedError, record
from memalloc_cli.results import MalformedError
from memalloc_cli.scenarios import parse

from . import laboratory
from .laboratory import Invented
from .synthetic import Wanted, write

KNOWN = parse(laboratory.SCENARIOS)


class Plans(unittest.TestCase):
    """What is run."""

    def test_each_round_has_all_commands(self) -> None:
        order = plan.shuffled(7, 5, seed=3)
        rounds = [order[start : start + 7] for start in range(0, 35, 7)]
        for one in rounds:
            self.assertEqual(sorted(one), list(range(7)))
        self.assertGreater(len({tuple(one) for one in rounds}), 1)
        self.assertEqual(order, plan.shuffled(7, 5, seed=3))
        self.assertNotEqual(order, plan.shuffled(7, 5, seed=4))

    def test_a_set_leaves_out_what_the_module_does_not_know(self) -> None:
        planned = plan.of_set("full", KNOWN, 2, 1)
        names = {plan.scenario_of(command) for command in planned.commands}
        self.assertEqual(names, {"compare", "latency", "claims", "malloc"})
        reasons = {one.command: one.reason for one in planned.left_out}
        self.assertIn("no scenario 'scale'", reasons["scale"])
        quick = plan.of_set("quick", KNOWN, 1, 1)
        self.assertIn(
            "the module's latency has no parameter 'operations'",
            [one.reason for one in quick.left_out],
        )

    def test_what_somebody_wants_has_to_be_possible(self) -> None:
        for commands, reason in (
            (["comapre"], "no scenario 'comapre'; did you mean compare"),
            (["compare colour=red"], "no parameter 'colour'"),
            (["compare count"], "'count' is not key=value"),
            (["count=2"], "'count=2' is a parameter, and a scenario has to come first"),
            (["via=c preset=lab-bulk"], "a scenario has to come first"),
            (["compare", "compare  "], "given twice"),
            ([" "], "is empty"),
            (["malloc from=0"], "bytes from 1"),
        ):
            with self.subTest(commands), self.assertRaisesRegex(plan.ImpossibleError, reason):
                plan.chosen(commands, KNOWN, 1, 1)

    def test_presets_are_for_latency(self) -> None:
        planned = plan.chosen(["preset=lab-bulk  via=c"], KNOWN, 1, 1)
        self.assertEqual(planned.commands, ["latency preset=lab-bulk via=c"])

    def test_malloc_needs_no_laboratory(self) -> None:
        self.assertFalse(plan.needs_laboratory(["malloc", "malloc to=64"]))
        self.assertTrue(plan.needs_laboratory(["malloc", "compare"]))


class Recordings(unittest.TestCase):
    """What is kept."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name) / "e"
        self.laboratory = Invented()

    def record(self, *commands: str, repeat: int = 2) -> list[str]:
        """Records, and returns what was cut short."""
        planned = plan.chosen(commands, KNOWN, repeat, seed=1)
        remarks = Remarks("desk", "a note")
        return record(self.laboratory, str(self.path), planned, remarks, io.StringIO()).cut_short

    def opened(self) -> experiment.Experiment:
        return experiment.open_folder(str(self.path))

    def test_all_is_kept(self) -> None:
        self.assertEqual(self.record("compare", "claims", repeat=3), [])
        found = self.opened()
        self.assertTrue(found.is_complete)
        self.assertEqual(Counter(one.command for one in found.runs), {"compare": 3, "claims": 3})
        self.assertEqual([one.command for one in found.runs], self.laboratory.asked)
        self.assertEqual((found.machine, found.about["note"]), ("desk", "a note"))
        self.assertEqual(found.environment["module"]["module"], "0.1.0")
        self.assertLessEqual(found.about["started"], found.about["ended"] or "")
        texts = sorted(file.read_text() for file in self.path.glob("runs/*.txt"))
        self.assertEqual(len(texts), 6)
        self.assertEqual(list(self.path.rglob("*.new")), [])

    def test_a_folder_holds_one_experiment(self) -> None:
        self.record("compare")
        with self.assertRaisesRegex(StoppedError, "is not empty"):
            self.record("compare")

    def test_a_refusal_ends_it(self) -> None:
        self.laboratory.special[2] = laboratory.refused
        with self.assertRaisesRegex(StoppedError, "count=0: at least 1"):
            self.record("compare")
        found = self.opened()
        self.assertEqual((found.about["state"], len(found.runs)), ("failed", 1))
        self.assertIn("count=0", found.about["reason"] or "")

    def test_what_ends_before_the_first_run_leaves_nothing(self) -> None:
        def interrupt() -> NoReturn:
            raise KeyboardInterrupt

        for special, error in (
            (laboratory.refused, StoppedError),
            (laboratory.cancelled, InterruptedRunError),
            (interrupt, KeyboardInterrupt),
        ):
            for is_there in (False, True):
                with self.subTest(error, is_there=is_there):
                    self.laboratory = Invented()
                    self.laboratory.special[1] = special
                    if is_there:
                        self.path.mkdir()
                    with self.assertRaises(error):
                        self.record("compare")
                    self.assertEqual(self.path.exists(), is_there)
                    if is_there:
                        self.path.rmdir()
        self.record("compare")

    def test_somebody_else_ends_it(self) -> None:
        self.laboratory.special[2] = laboratory.lost
        with self.assertRaisesRegex(StoppedError, "somebody else"):
            self.record("compare")

    def test_a_signal_ends_it(self) -> None:
        self.laboratory.special[2] = laboratory.cancelled
        with self.assertRaises(InterruptedRunError):
            self.record("compare")
        self.assertEqual(
            (self.opened().about["state"], len(self.opened().runs)), ("interrupted", 1)
        )

    def test_an_interrupt_ends_it(self) -> None:
        def interrupt() -> NoReturn:
            raise KeyboardInterrupt

        self.laboratory.special[2] = interrupt
        with self.assertRaises(KeyboardInterrupt):
            self.record("compare")
        self.assertEqual(self.opened().about["state"], "interrupted")

    def test_a_run_cut_short_does_not_end_it(self) -> None:
        self.laboratory.special[1] = self.laboratory.end_early
        self.assertEqual(self.record("compare"), ["compare: out of time"])
        found = self.opened()
        self.assertTrue(found.is_complete)
        self.assertEqual([one.is_complete for one in found.runs], [False, True])

    def test_whatever_is_there_at_any_moment_is_good(self) -> None:
        # As if the power had failed in the middle of the second command.
        def look() -> Answer:
            found = self.opened()
            seen.append((found.about["state"], len(found.runs)))
            raise KeyboardInterrupt

        seen: list[tuple[str, int]] = []
        self.laboratory.special[2] = look
        with contextlib.suppress(KeyboardInterrupt):
            self.record("compare")
        self.assertEqual(seen, [("recording", 1)])

    def test_malloc_is_a_process_of_its_own(self) -> None:
        self.record("malloc to=64 repeat=1", repeat=1)
        (recorded,) = self.opened().runs
        self.assertEqual(recorded.run.scenario, "malloc")
        self.assertTrue(recorded.is_complete)


class Folders(unittest.TestCase):
    """Folders that are read."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)

    def test_all_below_a_folder(self) -> None:
        for name in ("x/a", "x/y/b", "c"):
            write(self.path / name, Wanted(commands=("claims",)))
        found = [one.path for one in experiment.find_all(str(self.path))]
        self.assertEqual(found, [str(self.path / name) for name in ("c", "x/a", "x/y/b")])

    def test_folders_that_are_none(self) -> None:
        folder = write(self.path / "a", Wanted(commands=("claims",)))
        about = json.loads((folder / "experiment.json").read_text())
        for change, reason in (
            ({"schema": 2}, "schema 2"),
            ({"order": [7]}, "names commands that there are not"),
            ({"commands": None}, "not an experiment"),
            ({"repeat": "many"}, "not an experiment"),
        ):
            (folder / "experiment.json").write_text(json.dumps({**about, **change}))
            with self.subTest(change), self.assertRaisesRegex(MalformedError, reason):
                experiment.open_folder(str(folder))
        (folder / "experiment.json").write_text("{")
        with self.assertRaisesRegex(MalformedError, "experiment.json"):
            experiment.open_folder(str(folder))

    def test_runs_that_are_none(self) -> None:
        folder = write(self.path / "a", Wanted(commands=("claims",), repeat=1))
        file = folder / "runs" / "0001-claims.jsonl"
        whole = file.read_text()
        for text, reason in ((whole + whole, "2 runs"), ("", "0 runs"), ("{", "line 1")):
            file.write_text(text)
            with self.subTest(reason), self.assertRaisesRegex(MalformedError, reason):
                experiment.open_folder(str(folder))
        file.rename(folder / "runs" / "0009-claims.jsonl")
        with self.assertRaisesRegex(MalformedError, "not a run of this experiment"):
            experiment.open_folder(str(folder))

    def test_any_run_may_be_missing(self) -> None:
        folder = write(self.path / "a", Wanted(repeat=2))
        files = sorted(folder.glob("runs/*.jsonl"))
        for file in random.Random(1).sample(files, 20):
            file.unlink()
        self.assertEqual(len(experiment.open_folder(str(folder)).runs), len(files) - 20)
