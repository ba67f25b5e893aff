# SPDX-License-Identifier: GPL-2.0
"""What malloc does, as tables for people: alone, and beside the kernel's allocators."""

from collections.abc import Iterable

from ..results import Record, Run
from ..table import bytes_text, cell, columns
from .scenario import Parameters

# The order of the guides.
ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages", "malloc")


def command(wanted: Parameters) -> str:
    """What the laboratory has to be asked, so that both are at the same sizes."""
    return " ".join(["compare", *(f"{key}={value}" for key, value in wanted.words.items())])


def of_two(record: Record, part: str, whole: str) -> str:
    """How many of how many."""
    return "-" if record[part] is None else f"{record[part]}/{record[whole]}"


def common(record: Record) -> dict[str, str]:
    """What all allocators tell."""
    return {
        "size": bytes_text(record["size_bytes"]),
        "allocator": record["allocator"],
        "served by": cell("served_by", record["served_by"]),
        "usable": cell("usable_bytes", record["usable_min_bytes"]),
        "waste%": cell("waste_percent", record["waste_percent"]),
        "align": cell("alignment_bytes", record["alignment_min_bytes"]),
        "runs": cell("runs", record["runs_max"]),
        "contiguous": of_two(record, "contiguous", "contiguous_of"),
    }


def times(record: Record) -> dict[str, str]:
    """The least that was measured; the kernel's memory need not be touched to be there."""
    return {
        "alloc ns": cell("ns", record["allocate_min_ns"]),
        "touch ns": cell("ns", record.get("touch_min_ns")),
        "free ns": cell("ns", record["free_min_ns"]),
        "outcome": record["outcome"],
    }


def residence(record: Record) -> dict[str, str]:
    """What only malloc tells: how much of it was there before it was touched, and after."""
    return {
        "untouched": of_two(record, "resident_before_pages", "pages"),
        "touched": of_two(record, "resident_after_pages", "pages"),
        "came zeroed": cell("zeroed", record["came_zeroed"]),
    }


def alone(run: Run) -> str:
    """A run of malloc."""
    rows = [{**common(one), **residence(one), **times(one)} for one in run.of_kind("malloc")]
    (limit,) = run.of_kind("limit")
    return (
        f"{columns(rows)}\n"
        "untouched and touched: pages that had memory behind them, of those that it spans.\n"
        f"malloc promises {bytes_text(limit['limit_bytes'])} in one piece here, and not twice as "
        "much.\n"
    )


def beside(series: Iterable[Record]) -> str:
    """A row for each size and allocator, of rows of `compare` and of `malloc`."""
    ordered = sorted(
        series, key=lambda one: (one["size_bytes"], ALLOCATORS.index(one["allocator"]))
    )
    return columns([{**common(one), **times(one)} for one in ordered])
