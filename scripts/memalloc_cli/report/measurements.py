# SPDX-License-Identifier: GPL-2.0
"""The figures behind the drawings."""

from collections.abc import Iterable
from typing import Any

from ..comparing.estimate import bootstrap_interval, median
from ..comparing.text import number
from ..malloc.text import common, residence, times
from ..recording.experiment import Experiment
from ..results import Record, Run
from ..table import bytes_text, cells
from .elements import Html, Section, details, join, paragraph, section, table

# What a row of latencies is about.
SERIES = ("allocator", "via", "pattern", "sizes", "size_bytes", "operation")
PERCENTILES = {"p90": "p90", "p99": "p99", "p99.9": "p999", "most": "max"}


def measurements(experiment: Experiment) -> Section:
    """All tables."""
    return section(
        "measurements",
        "Measurements",
        join(
            part
            for part in (
                latencies(experiment),
                scaling(experiment),
                fragmentation(experiment),
                sizes(experiment.first("sweep"), "series", "Sizes, from the first run of sweep"),
                sizes(experiment.first("classes"), "class", "kmalloc's classes"),
                malloc(experiment),
            )
            if part is not None
        ),
    )


def grouped(
    records: Iterable[Record], keys: tuple[str, ...]
) -> dict[tuple[Any, ...], list[Record]]:
    """The records of all runs that are about the same."""
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def middle(records: list[Record], member: str) -> str:
    """The median over all runs."""
    values = [record[member] for record in records if record[member] is not None]
    return number(median(values)) if values else "-"


def with_interval(records: list[Record], member: str) -> str:
    """The same, and how sure it is."""
    values = [record[member] for record in records if record[member] is not None]
    if len(values) < 2:
        return middle(records, member)
    interval = bootstrap_interval(values)
    return f"{number(median(values))} [{number(interval.low)}, {number(interval.high)}]"


def latencies(experiment: Experiment) -> Html | None:
    """Percentiles of `latency`."""
    rows = []
    for values, records in grouped(experiment.records("latency", "latency"), SERIES).items():
        named = dict(zip(SERIES, values, strict=True))
        rows.append(
            {
                "allocator": named["allocator"],
                "through": named["via"],
                "pattern": named["pattern"],
                "size": size_text(named["size_bytes"], named["sizes"]),
                "operation": named["operation"],
                "p50": with_interval(records, "p50_ns"),
                **{name: middle(records, f"{key}_ns") for name, key in PERCENTILES.items()},
            }
        )
    if not rows:
        return None
    return details(
        "Latencies",
        paragraph(conditions_text(list(experiment.records("latency", "conditions")))),
        table("Latencies in nanoseconds: medians of all rounds, with 95 % intervals", rows),
    )


def size_text(size_bytes: int | None, sizes: str) -> str:
    """A size, or how sizes were drawn."""
    return sizes if size_bytes is None else bytes_text(size_bytes)


def conditions_text(conditions: list[Record]) -> str:
    """What was subtracted, and what came between."""
    timers = [record["timer_ns"] for record in conditions]
    interrupts = sum(record["interrupts"] for record in conditions)
    migrations = sum(record["migrations"] for record in conditions)
    least, most = min(timers, default=0), max(timers, default=0)
    subtracted = f"{least}" if least == most else f"{least} to {most}"
    return (
        f"Of each time {subtracted} ns were subtracted, which the clock itself takes. Meanwhile "
        f"there were {interrupts} interrupts and {migrations} migrations to another CPU."
    )


def scaling(experiment: Experiment) -> Html | None:
    """Totals of `scale`."""
    keys = ("allocator", "via", "size_bytes", "cpus")
    totals = [one for one in experiment.records("scale", "scale") if one["cpu"] is None]
    rows = [
        {
            "allocator": allocator,
            "through": via,
            "size": bytes_text(size_bytes),
            "CPUs": str(cpus),
            "allocate": with_interval(records, "allocate_p50_ns"),
            "free": with_interval(records, "free_p50_ns"),
            "operations per second": middle(records, "operations_per_s"),
            "fairness %": middle(records, "fairness_percent"),
        }
        for (allocator, via, size_bytes, cpus), records in grouped(totals, keys).items()
    ]
    if not rows:
        return None
    return details("On many CPUs", table("Medians of all rounds; times in nanoseconds", rows))


def fragmentation(experiment: Experiment) -> Html | None:
    """What `fragment` found in its first run."""
    run = experiment.first("fragment")
    if run is None:
        return None
    parts = [
        table(caption, [cells(record) for record in run.of_kind(kind)])
        for kind, caption in (("blocks", "Blocks that were to be had"), ("large", "Large requests"))
        if run.of_kind(kind)
    ]
    return details("Among pieces", *parts) if parts else None


def sizes(run: Run | None, kind: str, caption: str) -> Html | None:
    """The rows of a run as they are."""
    if run is None or not run.of_kind(kind):
        return None
    rows = [
        {key: value for key, value in record.items() if key != "staircase"}
        for record in run.of_kind(kind)
    ]
    return details(caption, table(caption, [cells(row) for row in rows]))


def malloc(experiment: Experiment) -> Html | None:
    """malloc, before and after its memory is touched."""
    run = experiment.first("malloc")
    if run is None:
        return None
    rows = [{**common(one), **residence(one), **times(one)} for one in run.of_kind("malloc")]
    return details(
        "malloc of user space",
        table("Pages with memory behind them, untouched and touched; least times", rows),
    )
