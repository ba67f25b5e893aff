# SPDX-License-Identifier: GPL-2.0
"""From records to samples."""

import tempfile
import unittest
from pathlib import Path

from memalloc_cli.comparing import samples
from memalloc_cli.recording import experiment
from memalloc_cli.results import MalformedError, Record, Run, parse

from . import synthetic
from .fixtures import begin, end, lines, record, series


def run_of(scenario: str, *records: Record, **parameters: str) -> Run:
    """A run of a scenario."""
    first = {**begin(), **parameters, "scenario": scenario}
    whole = [first, *({**one, "scenario": scenario} for one in records), end()]
    return parse(lines(*whole).splitlines())[0]


def latency(**members: object) -> Record:
    """A row of `latency`."""
    known: Record = {
        "allocator": "kmalloc",
        "via": "c",
        "pattern": "pair",
        "count": 1,
        "free_order": "lifo",
        "sizes": "fixed",
        "size_bytes": 64,
        "operation": "allocate",
        "p50_ns": 43,
        "p99_ns": 90,
        "min_ns": 40,
    }
    return {**record("latency"), **known, **members}


class Figures(unittest.TestCase):
    """Which figures are taken."""

    def test_a_latency_has_one(self) -> None:
        run = run_of("latency", latency())
        (sample,) = samples.of_run(run)
        self.assertEqual((sample.value, sample.operation.what), (43, "allocate p50"))
        self.assertEqual(sample.quantity, samples.PERCENTILE)
        (sample,) = samples.of_run(run, "min")
        self.assertEqual((sample.value, sample.quantity), (40, samples.TIME))

    def test_what_was_not_measured_is_none(self) -> None:
        run = run_of("latency", latency(p50_ns=None))
        self.assertEqual(list(samples.of_run(run)), [])

    def test_a_record_without_its_figure_is_told(self) -> None:
        run = run_of("latency", latency())
        with self.assertRaisesRegex(MalformedError, "latency.*mean_ns"):
            list(samples.of_run(run, "mean"))

    def test_scaling_counts_the_totals(self) -> None:
        row: Record = {
            "allocator": "kmalloc",
            "via": "c",
            "size_bytes": 64,
            "cpus": 2,
            "allocate_p50_ns": 50,
            "free_p50_ns": 20,
            "operations_per_s": 1000,
            "fairness_percent": None,
        }
        run = run_of("scale", record("scale", **row, cpu=0), record("scale", **row, cpu=None))
        found = {sample.operation.what: sample.quantity for sample in samples.of_run(run)}
        self.assertEqual(list(found), ["allocate p50", "free p50", "throughput"])
        self.assertFalse(found["throughput"].is_less_better)

    def test_blocks_are_shares(self) -> None:
        row: Record = {
            "order": 4,
            "nowait_fragmented": 2,
            "nowait_fragmented_of": 8,
            "noretry_fragmented": 0,
            "noretry_fragmented_of": 0,
        }
        (sample,) = samples.of_run(run_of("fragment", record("blocks", **row)))
        self.assertEqual((sample.value, sample.quantity), (25, samples.SHARE))


class Identity(unittest.TestCase):
    """Which figures are about the same."""

    def operation(self, *records: Record, **parameters: str) -> samples.Operation:
        return next(samples.of_run(run_of("latency", *records, **parameters))).operation

    def test_what_changes_the_measurement_makes_another(self) -> None:
        same = self.operation(latency(), gfp="kernel")
        for parameters in ({"gfp": "atomic"}, {"gfp": "kernel", "background": "100"}):
            self.assertNotEqual(same, self.operation(latency(), **parameters))
        for member in ("via", "pattern", "operation", "allocator"):
            self.assertNotEqual(same, self.operation(latency(**{member: "free"}), gfp="kernel"))

    def test_what_says_which_rows_there_are_does_not(self) -> None:
        same = self.operation(latency(), gfp="kernel")
        for name, value in (("from", "8"), ("seed", "7"), ("via", "all"), ("sizes", "sweep")):
            self.assertEqual(same, self.operation(latency(), gfp="kernel", **{name: value}))

    def test_sizes_that_are_drawn_do(self) -> None:
        row = latency(sizes="uniform", size_bytes=None, mean_ns=60)
        one = self.operation(row, sizes="uniform", to="4k")
        other = self.operation(row, sizes="uniform", to="64k")
        self.assertNotEqual(one, other)

    def test_of_mixed_sizes_the_mean_is_taken(self) -> None:
        for sizes, what in (("fixed", "p50"), ("uniform", "mean"), ("given", "mean")):
            row = latency(sizes=sizes, mean_ns=60)
            self.assertEqual(self.operation(row, sizes=sizes).what, f"allocate {what}")
        run = run_of("latency", latency(sizes="given", mean_ns=60, p99_ns=70), sizes="64:1,4k:1")
        (sample,) = samples.of_run(run, "p99")
        self.assertEqual((sample.operation.what, sample.value), ("allocate p99", 70))

    def test_labels_tell_what_differs(self) -> None:
        one = self.operation(latency(), gfp="kernel", node="any")
        other = self.operation(latency(), gfp="atomic", node="any")
        labels = samples.labels([one, other])
        self.assertEqual(labels[one], "latency kmalloc 64 allocate p50 gfp=kernel")
        self.assertEqual(labels[other], "latency kmalloc 64 allocate p50 gfp=atomic")
        self.assertEqual(samples.labels([one])[one], "latency kmalloc 64 allocate p50")

    def test_series_of_equal_settings_are_the_same(self) -> None:
        one = run_of("sweep", series("kmalloc", 64, free_min_ns=9), count="4", to="64")
        other = run_of("sweep", series("kmalloc", 64, free_min_ns=9), count="4", to="1M")
        self.assertEqual(
            [sample.operation for sample in samples.of_run(one)],
            [sample.operation for sample in samples.of_run(other)],
        )


class Experiments(unittest.TestCase):
    """All runs of a recording."""

    def test_each_round_gives_a_sample(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            synthetic.write(Path(folder) / "a", synthetic.Wanted(repeat=4))
            found = samples.of_experiment(experiment.open_folder(f"{folder}/a"))
        self.assertGreater(len(found), 300)
        self.assertEqual({len(values) for values in found.values()}, {4})
        self.assertEqual(len(set(samples.labels(found).values())), len(found))
        # In the order of the commands, and not in that of the runs.
        scenarios = list(dict.fromkeys(operation.scenario for operation in found))
        self.assertEqual(scenarios, ["sweep", "compare", "latency", "scale", "fragment", "malloc"])
