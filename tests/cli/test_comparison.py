# SPDX-License-Identifier: GPL-2.0
"""What got worse, what got better, and what cannot be told."""

import csv
import io
import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from memalloc_cli.comparing import apart, comparison, data, sides, text
from memalloc_cli.comparing.comparison import Comparison, Verdict
from memalloc_cli.results import MalformedError

from .synthetic import BUSY, IDLE, Wanted, write

KMALLOC = ("latency allocator=kmalloc via=c sizes=sweep from=64 to=64k step=x4",)


class Folders(unittest.TestCase):
    """Tests with folders of experiments."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)

    def write(self, name: str, wanted: Wanted) -> str:
        return str(write(self.path / name, wanted))

    def compare(self, *paths: str, by: str = "folder", unit: str = "auto") -> Comparison:
        return comparison.compare(sides.sides_of(paths, by), unit)


class Verdicts(Folders):
    """Two recordings."""

    def test_a_repeat_does_not_differ(self) -> None:
        one = self.write("a", Wanted(seed=1, repeat=10))
        other = self.write("b", Wanted(seed=2, repeat=10))
        found = self.compare(one, other)
        self.assertGreater(len(found.compared), 300)
        self.assertEqual({one.verdict for one in found.compared}, {Verdict.SAME})
        self.assertFalse(found.is_blind)

    def test_itself_does_not_differ(self) -> None:
        one, other = self.write("a", Wanted()), self.write("b", Wanted())
        found = self.compare(one, other)
        self.assertEqual(len(found.of(Verdict.SAME)), len(found.compared))

    def test_what_got_slower_is_found(self) -> None:
        before = self.write("a", Wanted(seed=1, repeat=10))
        after = self.write("b", Wanted(seed=2, repeat=10, slowed={"vmalloc": 1.2}))
        worse = self.compare(before, after).of(Verdict.REGRESSION)
        self.assertGreater(len(worse), 60)
        for one in worse:
            self.assertIn(("allocator", "vmalloc"), one.subject.operation.parts)
        better = self.compare(after, before).of(Verdict.IMPROVEMENT)
        self.assertEqual(len(better), len(worse))
        # More operations in a second are better, and less time is.
        units = {one.quantity.unit for one in better}
        self.assertEqual(units, {"ns", "operations/s"})

    def test_a_nanosecond_is_no_difference(self) -> None:
        # Figures that are always the same, and differ by what a histogram cannot tell.
        steady = Wanted(noise=0, outliers=0, repeat=20, commands=KMALLOC)
        before = self.write("a", steady)
        for name, slowed, is_called in (("b", 1.01, False), ("c", 1.03, True)):
            after = self.write(name, replace(steady, slowed={"kmalloc": slowed}))
            found = self.compare(before, after)
            self.assertTrue(any(one.before.median != one.after.median for one in found.compared))
            self.assertEqual(bool(found.of(Verdict.REGRESSION)), is_called)

    def test_too_few_samples_are_told(self) -> None:
        before = self.write("a", Wanted(seed=1, repeat=2))
        after = self.write("b", Wanted(seed=2, repeat=2, slowed={"vmalloc": 2.0}))
        found = self.compare(before, after)
        self.assertEqual(found.of(Verdict.REGRESSION), [])
        self.assertGreater(len(found.of(Verdict.UNKNOWN)), 50)
        self.assertTrue(found.is_blind)
        self.assertEqual(found.needed, 9)
        shown = text.as_text(found, lambda _: True)
        self.assertIn("it takes 9 runs on each side", shown)
        self.assertIn("Record with a larger --repeat.", shown)

    def test_small_changes_are_not_asked_for(self) -> None:
        wanted = Wanted(repeat=10, commands=KMALLOC)
        before = self.write("a", wanted)
        after = self.write("b", replace(wanted, seed=2, slowed={"kmalloc": 1.2}))
        both = sides.sides_of([before, after])
        self.assertTrue(comparison.compare(both).of(Verdict.REGRESSION))
        self.assertEqual(comparison.compare(both, least_percent=50).of(Verdict.REGRESSION), [])

    def test_what_only_one_measured(self) -> None:
        before = self.write("a", Wanted(commands=KMALLOC))
        after = self.write("b", Wanted(commands=(*KMALLOC, "scale")))
        (alone,) = self.compare(before, after).unmatched
        self.assertEqual((alone.side, len(alone.operations)), ("b", 48))

    def test_nothing_in_common_is_explained(self) -> None:
        latency, scale = KMALLOC[0], "scale"
        wanted = Wanted(repeat=2, commands=(latency, "claims"))
        first = self.write("a", wanted)
        for name, other, reason in (
            (
                "b",
                replace(wanted, commands=("claims", scale)),
                f"a and b ran different commands, such as '{latency}' and 'scale'.",
            ),
            (
                "c",
                replace(wanted, commands=("claims",)),
                "a and c have no complete run in common that has figures.",
            ),
        ):
            with self.subTest(name):
                shown = text.as_text(self.compare(first, self.write(name, other)), lambda _: True)
                self.assertTrue(shown.endswith(f"There is nothing to compare.\n{reason}\n"))
                self.assertNotIn("--repeat", shown)

    def test_places_that_are_not_shared_are_told(self) -> None:
        for machine in ("m0", "m1"):
            for kernel in ("7.3", "7.4"):
                if (machine, kernel) != ("m1", "7.4"):
                    wanted = Wanted(kernel=kernel, machine=machine, commands=KMALLOC)
                    self.write(f"{kernel}/{machine}", wanted)
        before, after = sides.sides_of([f"{self.path}/7.3", f"{self.path}/7.4"])
        only = {place: all_ for place, all_ in before.experiments.items() if place.machine == "m1"}
        (reason,) = apart.reasons([before._replace(experiments=only), after])
        self.assertRegex(reason, "^7.3 and 7.4 were not recorded in the same place: m1.*; and m0")

    def test_runs_cut_short_do_not_count(self) -> None:
        before = self.write("a", Wanted(repeat=2, commands=KMALLOC))
        file = next(self.path.glob("a/runs/0001-*.jsonl"))
        file.write_text(file.read_text().replace('"complete"', '"timeout"'))
        after = self.write("b", Wanted(repeat=2, commands=KMALLOC))
        found = self.compare(before, after)
        self.assertEqual({one.before.samples for one in found.compared}, {1})
        self.assertIn("1 run cut short", text.as_text(found, lambda _: True))


class Places(Folders):
    """Folders gathered from many machines."""

    def gather(self, machines: int, kernels: dict[str, dict[str, float]]) -> None:
        for number in range(machines):
            for seed, (kernel, slowed) in enumerate(kernels.items()):
                self.write(
                    f"{kernel}/machine{number}",
                    Wanted(
                        seed=10 * number + seed,
                        repeat=10,
                        kernel=kernel,
                        machine=f"m{number}",
                        slowed=slowed,
                        commands=KMALLOC,
                        outliers=0,
                        config={"CONFIG_HZ": "250", **({"CONFIG_NEW": "y"} if seed else {})},
                    ),
                )

    def test_kernels_on_machines(self) -> None:
        self.gather(3, {"7.3": {}, "7.4": {"kmalloc": 1.3}})
        # The option that only the newer kernel has does not make it another configuration.
        for found in (
            self.compare(f"{self.path}/7.3", f"{self.path}/7.4"),
            self.compare(str(self.path), by="kernel"),
        ):
            machines = {one.subject.place.machine for one in found.compared}
            self.assertEqual(machines, {"m0", "m1", "m2"})
            self.assertEqual(len(found.of(Verdict.REGRESSION)), len(found.compared))
            shown = text.as_text(found, lambda _: True)
            self.assertIn("Change by place", shown)
            self.assertIn("m2", shown)
            self.assertRegex(shown, r"CONFIG_NEW +not known +y\n")

    def test_many_places_are_counted(self) -> None:
        self.gather(8, {"7.3": {}, "7.4": {"kmalloc": 1.3}})
        found = self.compare(str(self.path), by="kernel")
        shown = text.as_text(found, lambda _: True)
        self.assertIn("Changes in 8 places", shown)
        row = next(line for line in shown.splitlines() if line.startswith("latency kmalloc 4K"))
        self.assertEqual(row.split()[5:8], ["8", "8", "0"])

    def test_machines_of_one_kernel(self) -> None:
        self.gather(2, {"7.3": {}, "7.4": {}})
        found = self.compare(str(self.path), by="machine")
        self.assertEqual({one.subject.place.kernel for one in found.compared}, {"7.3", "7.4"})

    def test_the_baseline_may_be_named(self) -> None:
        self.gather(1, {"7.3": {}, "7.4": {}})
        names = [side.name for side in sides.sides_of([str(self.path)], "kernel", "7.4")]
        self.assertEqual(names, ["7.4", "7.3"])
        with self.assertRaisesRegex(MalformedError, "no kernel '7.5'"):
            sides.sides_of([str(self.path)], "kernel", "7.5")

    def test_recordings_count_where_there_are_several(self) -> None:
        for seed in range(5):
            for name, slowed in (("old", {}), ("new", {"kmalloc": 1.3})):
                self.write(
                    f"{name}/boot{seed}",
                    Wanted(
                        seed=20 * seed + len(slowed),
                        kernel=name,
                        slowed=slowed,
                        commands=KMALLOC,
                        outliers=0,
                    ),
                )
        found = self.compare(f"{self.path}/old", f"{self.path}/new")
        self.assertEqual(found.unit, "recording")
        self.assertEqual({one.before.samples for one in found.compared}, {5})
        self.assertEqual(len(found.of(Verdict.REGRESSION)), len(found.compared))
        runs = self.compare(f"{self.path}/old", f"{self.path}/new", unit="run")
        self.assertEqual({one.before.samples for one in runs.compared}, {15})

    def test_too_few_recordings_are_told(self) -> None:
        for seed in range(3):
            for name in ("old", "new"):
                wanted = Wanted(seed=2 * seed + (name == "new"), repeat=10, commands=KMALLOC)
                self.write(f"{name}/boot{seed}", wanted)
        found = self.compare(f"{self.path}/old", f"{self.path}/new")
        self.assertTrue(found.is_blind)
        shown = text.as_text(found, lambda _: True)
        self.assertIn("it takes 6 recordings on each side", shown)
        self.assertIn("Record more boots of each side, or fewer commands", shown)
        self.assertNotIn("--repeat", shown)
        self.assertNotIn("A sample is a run", shown)
        # One against many: then runs are compared, and it is said.
        for sides_ in (("old/boot0", "new"), ("old", "new/boot0")):
            mixed = self.compare(*(f"{self.path}/{one}" for one in sides_))
            self.assertEqual(mixed.unit, "run")
            self.assertIn("A sample is a run here", text.as_text(mixed, lambda _: True))

    def test_nothing_to_compare(self) -> None:
        one = self.write("a", Wanted())
        for paths, by, reason in (
            ([one], "folder", "name two"),
            ([one], "kernel", "the same kernel"),
            ([one, one], "folder", "named twice"),
            ([one, str(self.path / "no")], "folder", "not a folder"),
            ([one, str(self.path / "a" / "runs")], "folder", "no experiment"),
        ):
            with self.subTest(paths), self.assertRaisesRegex(MalformedError, reason):
                sides.sides_of(paths, by)

    def test_names_are_as_long_as_they_must_be(self) -> None:
        self.assertEqual(sides.names_of(["x/a", "x/b"]), ["a", "b"])
        self.assertEqual(sides.names_of(["x/a", "y/a/"]), ["x/a", "y/a"])


class Forms(Folders):
    """What a comparison is written as."""

    def setUp(self) -> None:
        super().setUp()
        wanted = Wanted(repeat=10, commands=(*KMALLOC, "claims"), outliers=0)
        before = self.write("a", wanted)
        changed = replace(wanted, seed=2, kernel="7.4.0", slowed={"kmalloc": 1.5})
        after = self.write("b", changed)
        for file in (self.path / "b" / "runs").glob("*-claims.jsonl"):
            file.write_text(file.read_text().replace('"holds"', '"does_not_hold"'))
        self.found = self.compare(before, after)

    def test_text(self) -> None:
        shown = text.as_text(self.found, lambda _: True)
        self.assertIn("12 operations: 12 worse (R), 0 better (I), 0 without", shown)
        self.assertRegex(shown, r"kmalloc 64 allocate p50 +ns +40 \[38, 41\.5\] +59 \[58, 62\] ")
        self.assertRegex(shown, r"kernel +7\.3\.4 +7\.4\.0\n")
        self.assertRegex(shown, r"claim claim-0 +holds +does_not_hold\n")
        self.assertNotIn("NOTHING", shown)

    def test_doubts_are_told(self) -> None:
        shown = text.as_text(self.found, lambda _: True)
        self.assertIn("Each side is one boot", shown)
        self.assertNotIn("busy", shown)
        # Of a machine that has just booted.
        about = self.path / "b" / "experiment.json"
        booted = "1.01 0.30 0.10 1/100 300"
        about.write_text(about.read_text().replace(IDLE, booted))
        shown = text.as_text(self.compare(f"{self.path}/a", f"{self.path}/b"), lambda _: True)
        self.assertNotIn("busy", shown)
        about.write_text(about.read_text().replace(booted, BUSY))
        again = self.compare(f"{self.path}/a", f"{self.path}/b")
        shown = text.as_text(again, lambda _: True)
        self.assertIn("b: the machine was busy with something else when 1 of 1 recording", shown)

    def test_of_boot_options_those_that_differ_are_told(self) -> None:
        for name, option in (("a", "kfence.sample_interval=100"), ("b", "slab_debug=FZPU")):
            file = self.path / name / "environment.json"
            file.write_text(file.read_text().replace("slab_nomerge", f"slab_nomerge {option}"))
        again = self.compare(f"{self.path}/a", f"{self.path}/b")
        shown = text.as_text(again, lambda _: True)
        self.assertRegex(shown, r"boot options +kfence.sample_interval=100 +slab_debug=FZPU\n")
        self.assertNotIn("slab_nomerge", shown)

    def test_what_does_not_differ_may_be_left_out(self) -> None:
        shown = text.as_text(self.found, lambda one: one.verdict is Verdict.SAME)
        self.assertNotIn("latency kmalloc", shown)

    def test_markdown(self) -> None:
        shown = text.as_markdown(self.found, lambda _: True)
        self.assertIn("### Operations\n\n| operation | unit | a | b | change |\n| --- |", shown)
        self.assertEqual(shown.count("(R) |"), 12)
        self.assertEqual(text.markdown_table([{"a": "x|y"}]).splitlines()[2], "| x\\|y |")

    def test_csv(self) -> None:
        rows = list(csv.DictReader(io.StringIO(data.as_csv(self.found))))
        self.assertEqual(len(rows), 12)
        self.assertEqual(rows[0]["verdict"], "regression")
        self.assertGreater(float(rows[0]["change_percent"]), 30)

    def test_json(self) -> None:
        value = json.loads(data.as_json(self.found))
        self.assertEqual([side["name"] for side in value["sides"]], ["a", "b"])
        self.assertEqual(len(value["operations"]), 12)
        first = value["operations"][0]
        self.assertEqual((first["allocator"], first["size_bytes"]), ("kmalloc", "64"))
        self.assertLess(first["adjusted"], 0.05)
        self.assertEqual(value["answers"][0]["question"], "claim claim-0")
        self.assertIn("kernel", [one["name"] for one in value["conditions"]])
