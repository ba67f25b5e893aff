# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: the guides' comparison, with malloc as its third part."""

from ..malloc.text import ALLOCATORS, common, of_two, times
from ..recording.experiment import Experiment
from ..results import Record, Run
from ..table import bytes_text, cell
from .elements import Section, details, paragraph, section, table

PROMISES = {"promised": "promised", "luck": "no, but it may be"}


def allocators(experiment: Experiment) -> Section | None:
    """The table of allocators, and below it that of sizes."""
    compared, of_malloc = experiment.first("compare"), experiment.first("malloc")
    rows = [kernel_row(one) for one in compared.of_kind("summary")] if compared else []
    if of_malloc:
        rows.append(malloc_row(of_malloc))
    if not rows:
        return None
    series = [*(compared.of_kind("series") if compared else [])]
    series += of_malloc.of_kind("malloc") if of_malloc else []
    series.sort(key=lambda one: (one["size_bytes"], ALLOCATORS.index(one["allocator"])))
    return section(
        "allocators",
        "Which allocator for what",
        table("Allocators", rows),
        paragraph(
            "Contiguous means in physical memory. What vmalloc, kvmalloc and malloc give may be "
            "contiguous by luck; nobody may rely on it.",
        ),
        details(
            "By size",
            table(
                "Sizes; times are the least of a few, in nanoseconds",
                [{**common(one), **times(one)} for one in series],
            ),
        ),
    )


def kernel_row(summary: Record) -> dict[str, str]:
    """An allocator of the kernel."""
    return {
        "allocator": summary["allocator"],
        "gives at most": bytes_text(summary["limit_bytes"]),
        "contiguous?": PROMISES.get(summary["contiguity_promised"], "?"),
        "was contiguous": of_two(summary, "contiguous", "contiguous_of"),
        "came zeroed": of_two(summary, "zeroed", "zeroed_of"),
        "without sleeping": of_two(summary, "without_sleep", "without_sleep_of"),
        "waste": f"{cell('', summary['waste_percent'])} %",
    }


def malloc_row(run: Run) -> dict[str, str]:
    """malloc, of user space."""
    rows = [one for one in run.of_kind("malloc") if one["usable_min_bytes"] is not None]
    given = run.of_kind("limit")[0]["limit_bytes"]
    usable = sum(one["usable_min_bytes"] for one in rows)
    wasted = sum(max(one["usable_min_bytes"] - one["size_bytes"], 0) for one in rows)
    known = [one for one in rows if one["contiguous"] is not None]
    return {
        "allocator": "malloc",
        "gives at most": f"{bytes_text(given)} to {bytes_text(2 * given)}",
        "contiguous?": PROMISES["luck"],
        "was contiguous": (
            f"{sum(one['contiguous'] for one in known)}/"
            f"{sum(one['contiguous_of'] for one in known)}"
            if known
            else "-"
        ),
        "came zeroed": f"{sum(one['came_zeroed'] is True for one in rows)}/{len(rows)}",
        "without sleeping": "-",
        "waste": f"{100 * wasted / usable:.1f} %" if usable else "-",
    }
