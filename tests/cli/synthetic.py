# SPDX-License-Identifier: GPL-2.0
"""Experiments that nobody recorded: folders as `record` writes them, with figures made up."""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memalloc_cli.recording import experiment, plan
from memalloc_cli.results import Record

ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages")
PAGE = 4096
# What /proc/loadavg says of a machine.
IDLE = "0.10 0.20 0.30 1/100 1000"
BUSY = "9.10 0.20 0.30 3/100 1000"
CLASSES = (8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192)
# What an allocation takes, at least, and for each page.
COSTS = {"kmalloc": (40, 90), "vmalloc": (900, 120), "kvmalloc": (45, 90), "pages": (110, 80)}
COMMANDS = (
    "sweep count=4",
    "compare",
    "classes",
    *(
        f"latency allocator={allocator} via={via} sizes=sweep from=64 to=64k step=x4"
        for allocator in ALLOCATORS
        for via in ("library", "c")
    ),
    "scale",
    "fragment",
    "claims",
    "malloc",
)


@dataclass(frozen=True)
class Wanted:
    """What the figures are to be like."""

    seed: int = 1
    repeat: int = 3
    kernel: str = "7.3.4"
    machine: str = "vm"
    # Times of allocators, as a multiple.
    slowed: dict[str, float] = field(default_factory=dict)
    # The deviation of a run, relative to the figure.
    noise: float = 0.02
    # How often a run is three times as slow.
    outliers: float = 0.03
    commands: tuple[str, ...] = COMMANDS
    config: dict[str, str] = field(default_factory=lambda: {"CONFIG_SLUB_DEBUG": "y"})


class Source:
    """Makes figures up."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.chance = random.Random(wanted.seed)

    def noisy(self, value: float) -> int:
        """A whole number near a value, and now and then one far above it."""
        outlier = 3 if self.chance.random() < self.wanted.outliers else 1
        return max(1, round(value * outlier * self.chance.lognormvariate(0, self.wanted.noise)))

    def cost(self, allocator: str, size_bytes: int) -> float:
        """What an allocation takes."""
        fixed, each = COSTS[allocator]
        pages = size_bytes // PAGE
        return (fixed + each * pages) * self.wanted.slowed.get(allocator, 1.0)

    def records(self, number: int, command: str) -> Iterator[Record]:
        """A run."""
        scenario, *pairs = command.split()
        words = dict(pair.split("=") for pair in pairs)

        def record(kind: str, **members: object) -> Record:
            return {"schema": 1, "run": number, "scenario": scenario, "kind": kind, **members}

        yield record("begin", kernel=self.wanted.kernel, **words)
        for kind, members in getattr(self, scenario)(words):
            yield record(kind, **members)
        yield record(
            "end",
            status="complete",
            reason=None,
            allocations=100,
            outstanding=0,
            elapsed_ns=2_000_000,
        )

    def probe(self, words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """One size."""
        row = self.row(words["allocator"], int(words["size"]))
        yield "allocation", {name: row[name] for name in ("allocator", "size_bytes")}
        yield "totals", {**row, "allocated": row["contiguous_of"]}

    def row(self, allocator: str, size_bytes: int) -> dict[str, Any]:
        """A row of `sweep` or `compare`."""
        usable = usable_bytes(allocator, size_bytes)
        pages = max(1, usable // PAGE)
        cost = self.cost(allocator, size_bytes)
        return {
            "size_bytes": size_bytes,
            "allocator": allocator,
            "served_by": "slab" if usable < PAGE else allocator,
            "usable_min_bytes": usable,
            "waste_percent": round(100 * (usable - size_bytes) / usable, 1),
            "alignment_min_bytes": usable & -usable,
            "runs_max": 1,
            "longest_run_min_pages": pages,
            "contiguous": 4,
            "contiguous_of": 4,
            "node": 0,
            "allocate_min_ns": self.noisy(cost),
            "free_min_ns": self.noisy(cost / 3),
            "outcome": "ok",
        }

    def sweep(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """From a byte to 4 MiB."""
        for allocator in ALLOCATORS:
            for exponent in range(23):
                yield "series", self.row(allocator, 1 << exponent)

    def compare(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Five sizes, and a row for each allocator."""
        for exponent in range(6, 23, 4):
            for allocator in ALLOCATORS:
                yield "series", self.row(allocator, 1 << exponent)
        for allocator in ALLOCATORS:
            is_promised = allocator in ("kmalloc", "pages")
            yield (
                "summary",
                {
                    "allocator": allocator,
                    "limit_bytes": 4 << 20 if is_promised else 1 << 30,
                    "contiguity_promised": "promised" if is_promised else "luck",
                    "contiguous": 20,
                    "contiguous_of": 20,
                    "waste_percent": 0.2,
                    "zeroed": 20,
                    "zeroed_of": 20,
                    "without_sleep": 5,
                    "without_sleep_of": 5,
                },
            )

    def classes(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """kmalloc's classes."""
        first = 1
        for usable in (*CLASSES, *(1 << exponent for exponent in range(14, 23))):
            yield (
                "class",
                {
                    "usable_bytes": usable,
                    "first_bytes": first,
                    "last_bytes": usable,
                    "worst_waste_percent": 10.0,
                    "alignment_min_bytes": usable & -usable,
                    "served_by": "slab" if usable <= CLASSES[-1] else "large",
                    "staircase": "#",
                },
            )
            first = usable + 1

    def latency(self, words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """One series for each size."""
        allocator, via = words.get("allocator", "kmalloc"), words.get("via", "library")
        yield (
            "conditions",
            {"allocator": allocator, "via": via, "timer_ns": 21, "interrupts": 3, "migrations": 0},
        )
        for size_bytes in (64, 256, 1024, 4096, 16384, 65536):
            for operation, share in (("allocate", 1.0), ("free", 0.4)):
                yield from self.series(allocator, via, size_bytes, operation, share)

    def series(
        self, allocator: str, via: str, size_bytes: int, operation: str, share: float
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The latencies of one operation."""
        median = self.noisy(self.cost(allocator, size_bytes) * share)
        tail = {0.9: 1.2, 0.99: 2.1, 0.999: 6.0}
        figures = {
            "min_ns": round(median * 0.9),
            "mean_ns": round(median * 1.1),
            "p50_ns": median,
            "p90_ns": round(median * tail[0.9]),
            "p99_ns": round(median * tail[0.99]),
            "p999_ns": round(median * tail[0.999]),
            "max_ns": median * 40,
        }
        yield (
            "latency",
            {
                "allocator": allocator,
                "via": via,
                "pattern": "pair",
                "count": 1,
                "free_order": "lifo",
                "sizes": "fixed",
                "size_bytes": size_bytes,
                "operation": operation,
                "operations": 100_000,
                **figures,
                "outcome": "ok",
            },
        )
        values = [median + round(median * (math.exp(step / 6) - 1)) for step in range(22)]
        counts = [round(50_000 * 0.5**step) + 1 for step in range(22)]
        yield (
            "distribution",
            {
                "allocator": allocator,
                "via": via,
                "operation": operation,
                "size_bytes": size_bytes,
                "values_ns": values,
                "counts": counts,
            },
        )

    def scale(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """1, 2 and 4 CPUs."""
        for allocator in ALLOCATORS:
            for cpus in (1, 2, 4):
                cost = self.cost(allocator, 64) * (1 + 0.1 * cpus)
                for cpu in (*range(cpus), None):
                    many = cpus if cpu is None else 1
                    yield (
                        "scale",
                        {
                            "allocator": allocator,
                            "via": "library",
                            "size_bytes": 64,
                            "cpus": cpus,
                            "cpu": cpu,
                            "operations": 100_000 * many,
                            "elapsed_ns": self.noisy(cost * 140_000),
                            "allocate_p50_ns": self.noisy(cost),
                            "free_p50_ns": self.noisy(cost * 0.4),
                            "operations_per_s": self.noisy(many * 1e9 / cost / 1.4),
                            "fairness_percent": 99.3 if cpu is None else None,
                        },
                    )

    def fragment(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Broken up to order 3."""
        yield "region", {"largest_free_order": 3, "broken_bytes": 1 << 29, "kept_bytes": 1 << 25}
        for order in range(11):
            met = {"before": 8, "fragmented": 8 if order <= 3 else 0, "after": 8}
            members = {
                f"{kind}_{time}{suffix}": number
                for kind in ("nowait", "noretry")
                for time, count in met.items()
                for suffix, number in (("", count), ("_of", 8))
            }
            yield "blocks", {"order": order, "size_bytes": PAGE << order, **members}
        for order in (2, 4, 6, 8, 10):
            runs = max(1, (1 << order) // 8)
            yield (
                "large",
                {
                    "size_bytes": PAGE << order,
                    "vmalloc_runs_before": 1,
                    "vmalloc_runs_fragmented": runs,
                    "vmalloc_runs_after": 1,
                },
            )

    def claims(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Four claims."""
        verdicts = ("holds", "does_not_hold", "depends", "not_measured")
        for number, verdict in enumerate(verdicts):
            yield (
                "claim",
                {
                    "id": f"claim-{number}",
                    "guide": "driver guide",
                    "claim": f"Statement {number} <of the guide> & more.",
                    "verdict": verdict,
                    "depends_on": "the size" if verdict == "depends" else None,
                    "measured": f"{number} of 4 were so",
                },
            )
        yield "tally", {"claims": 4, "holds": 1, "does_not_hold": 1, "depends": 1}

    def malloc(self, _words: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """malloc, as the process that measures it says."""
        for exponent in range(6, 23, 4):
            size_bytes = 1 << exponent
            pages = max(1, size_bytes // PAGE) + 1
            yield (
                "malloc",
                {
                    "size_bytes": size_bytes,
                    "allocator": "malloc",
                    "served_by": "heap" if size_bytes < 1 << 17 else "mmap",
                    "usable_min_bytes": size_bytes + 8,
                    "waste_percent": 0.1,
                    "alignment_min_bytes": 16,
                    "pages": pages,
                    "resident_before_pages": 1,
                    "resident_after_pages": pages,
                    "runs_max": pages,
                    "longest_run_min_pages": 1,
                    "contiguous": 0,
                    "contiguous_of": 32,
                    "came_zeroed": size_bytes >= 1 << 17,
                    "allocate_min_ns": 20,
                    "allocate_p50_ns": self.noisy(30),
                    "touch_min_ns": 50 * pages,
                    "touch_p50_ns": self.noisy(60 * pages),
                    "free_min_ns": 15,
                    "free_p50_ns": self.noisy(20),
                    "outcome": "ok",
                },
            )
        yield "limit", {"allocator": "malloc", "limit_bytes": 1 << 31}


def usable_bytes(allocator: str, size_bytes: int) -> int:
    """What is usable of a size."""
    if allocator == "vmalloc":
        return -(-size_bytes // PAGE) * PAGE
    for one in CLASSES:
        if allocator != "pages" and size_bytes <= one:
            return one
    return max(PAGE, 1 << (size_bytes - 1).bit_length())


def environment(wanted: Wanted) -> dict[str, Any]:
    """What the machine is."""
    return {
        "name": wanted.machine,
        "boot_id": f"boot-{wanted.seed}",
        "kernel": {
            "release": wanted.kernel,
            "version": "#1 SMP PREEMPT_DYNAMIC",
            "architecture": "x86_64",
            "cmdline": "console=ttyS0 slab_nomerge",
            "config": wanted.config,
        },
        "settings": {"preempt": "full", "clocksource": "tsc"},
        "cpu": {"model": "A processor", "online": "0-3", "governor": "performance"},
        "hardware": {"virtualisation": "none seen"},
        "module": {
            "abi": "1",
            "results": "1",
            "module": "0.1.0",
            "environment": {
                "kernel": wanted.kernel,
                "cpus_online": "4",
                "memory_bytes": "1005510656",
                "init_on_alloc": "yes",
                "CONFIG_MEMCG": "y",
            },
        },
        "sources": {"commit": "0123456789abcdef", "is_changed": False},
        "python": "3.13.5",
    }


def write(folder: Path, wanted: Wanted | None = None) -> Path:
    """Writes an experiment."""
    wanted = wanted or Wanted()
    source = Source(wanted)
    order = plan.shuffled(len(wanted.commands), wanted.repeat, wanted.seed)
    (folder / experiment.RUNS).mkdir(parents=True)
    experiment.write_json(str(folder / experiment.ENVIRONMENT), environment(wanted))
    experiment.write_json(
        str(folder / experiment.ABOUT),
        {
            "schema": experiment.SCHEMA,
            "kind": "experiment",
            "commands": list(wanted.commands),
            "left_out": [],
            "repeat": wanted.repeat,
            "seed": wanted.seed,
            "order": order,
            "note": None,
            "replay_of": None,
            "started": "2026-11-25T12:00:00Z",
            "load_at_start": IDLE,
            "ended": "2026-11-25T12:05:00Z",
            "load_at_end": "1.00 0.50 0.30 1/100 1100",
            "state": experiment.COMPLETE,
            "reason": None,
        },
    )
    for number, index in enumerate(order, start=1):
        command = wanted.commands[index]
        lines = [json.dumps(record) + "\n" for record in source.records(number, command)]
        name = folder / experiment.name_of(number, plan.scenario_of(command))
        Path(f"{name}.txt").write_text(f"run {number}: {command}\n", encoding="utf-8")
        Path(f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder
