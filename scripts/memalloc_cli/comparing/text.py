# SPDX-License-Identifier: GPL-2.0
"""Comparisons for people: as text, and as Markdown for a mail, an issue or a patch."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..recording import conditions
from ..recording.experiment import Experiment
from ..table import columns, counted
from ..words import RECORDING, RUN
from . import answers, apart
from .comparison import Compared, Comparison, Measured, Verdict
from .estimate import median
from .samples import Operation
from .sides import Side, pairs

# As those who read linux-mm know them.
MARKS = {Verdict.REGRESSION: "(R)", Verdict.IMPROVEMENT: "(I)", Verdict.UNKNOWN: "(?)"}
# What helps where there are too few samples, by what a sample is.
REMEDIES = {
    RUN: "Record with a larger --repeat.",
    RECORDING: (
        "Record more boots of each side, or fewer commands (record --run). With --unit run it "
        "takes fewer boots, and what differs from boot to boot is taken for a change."
    ),
}
# More columns than that nobody can read: then it is counted.
MOST_COLUMNS = 6

Rows = list[dict[str, str]]


class Part(NamedTuple):
    """A heading, rows or none, and sentences."""

    heading: str
    rows: Rows
    sentences: list[str]


def number(value: float) -> str:
    """A figure, as long as it helps."""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}"


def figure(one: Measured) -> str:
    """A median and its interval."""
    low, high = number(one.interval.low), number(one.interval.high)
    return f"{number(one.median)} [{low}, {high}]"


def change(one: Compared) -> str:
    """A change, and what it is called."""
    percent = one.change_percent
    text = "from 0" if percent is None else f"{percent:+.1f} %"
    mark = MARKS.get(one.verdict)
    return f"{text} {mark}" if mark else text


def parts(comparison: Comparison, is_wanted: Callable[[Compared], bool]) -> Iterator[Part]:
    """All that there is to say."""
    yield sides(comparison.sides)
    first, *others = comparison.sides
    for other in others:
        yield from circumstances(first, other)
    shown = [one for one in comparison.compared if is_wanted(one)]
    if shown:
        yield operations(comparison, shown)
    yield Part("Result", [], list(summary(comparison)))


def sides(all_of_them: Sequence[Side]) -> Part:
    """Who is compared with whom."""
    rows: Rows = []
    for side in all_of_them:
        experiments = side.all()
        rows.append(
            {
                "side": side.name,
                "recordings": str(len(experiments)),
                "runs": str(sum(len(one.runs) for one in experiments)),
                "kernel": several({one.kernel for one in experiments}),
                "machine": several({one.machine for one in experiments}),
                "left out": left_out(experiments),
            }
        )
    return Part("Compared", rows, [])


def left_out(experiments: Sequence[Experiment]) -> str:
    """What is not there, or does not count."""
    cut_short = sum(not one.is_complete for each in experiments for one in each.runs)
    unfinished = sum(not one.is_complete for one in experiments)
    parts = [f"{counted(cut_short, 'run')} cut short"] if cut_short else []
    parts += [f"{counted(unfinished, 'recording')} not finished"] if unfinished else []
    return ", ".join(parts) or "-"


def several(names: set[str]) -> str:
    """One name, or how many there are."""
    return next(iter(names)) if len(names) == 1 else f"{len(names)} of them"


def circumstances(first: Side, other: Side) -> Iterator[Part]:
    """In what else two sides differ."""
    # What differs in one place stands for all of them: else it would be in the name of the place.
    for pair in itertools.islice(pairs(first, other), 1):
        found = conditions.differences(*pair)
        rows = [{"": d.name, first.name: d.before, other.name: d.after} for d in found]
        if rows:
            yield Part("Conditions that differ", rows, [])
    rows = [
        {"": changed.question, first.name: changed.before, other.name: changed.after}
        for changed in answers.changed(first.all(), other.all())
    ]
    if rows:
        yield Part("Answers that differ", rows, [])


def operations(comparison: Comparison, shown: list[Compared]) -> Part:
    """The figures: in full for one pair, as a matrix for some, and counted for many."""
    columns_of: dict[str, None] = {column(one): None for one in shown}
    if len(columns_of) == 1:
        return Part("Operations", [full_row(comparison, one) for one in shown], [])
    if len(columns_of) <= MOST_COLUMNS:
        return Part("Change by place", matrix(comparison, shown, list(columns_of)), [])
    return Part(f"Changes in {len(columns_of)} places", counts(comparison, shown), [])


def column(one: Compared) -> str:
    """Where, and with whom."""
    place = one.subject.place
    return one.subject.side if not any(place) else f"{one.subject.side}: {place.name()}"


def full_row(comparison: Comparison, one: Compared) -> dict[str, str]:
    """All about a pair."""
    return {
        "operation": comparison.labels[one.subject.operation],
        "unit": one.quantity.unit,
        comparison.sides[0].name: figure(one.before),
        one.subject.side: figure(one.after),
        "change": change(one),
    }


def by_operation(shown: list[Compared]) -> dict[Operation, list[Compared]]:
    """What belongs into a row."""
    rows: dict[Operation, list[Compared]] = {}
    for one in shown:
        rows.setdefault(one.subject.operation, []).append(one)
    return rows


def matrix(comparison: Comparison, shown: list[Compared], names: list[str]) -> Rows:
    """A row for each operation, and a column for each place."""
    rows: Rows = []
    for operation, group in by_operation(shown).items():
        found = {column(one): change(one) for one in group}
        row = {"operation": comparison.labels[operation], "unit": group[0].quantity.unit}
        rows.append({**row, **{name: found.get(name, "-") for name in names}})
    return rows


def counts(comparison: Comparison, shown: list[Compared]) -> Rows:
    """A row for each operation: in how many places it changed, and by how much."""
    rows: Rows = []
    for operation, group in by_operation(shown).items():
        changes = sorted(one.change_percent for one in group if one.change_percent is not None)
        rows.append(
            {
                "operation": comparison.labels[operation],
                "places": str(len(group)),
                "(R)": str(sum(one.verdict is Verdict.REGRESSION for one in group)),
                "(I)": str(sum(one.verdict is Verdict.IMPROVEMENT for one in group)),
                "median change": f"{median(changes):+.1f} %" if changes else "-",
                "least": f"{changes[0]:+.1f} %" if changes else "-",
                "most": f"{changes[-1]:+.1f} %" if changes else "-",
            }
        )
    return rows


def summary(comparison: Comparison) -> Iterator[str]:
    """What comes out of it, in sentences."""
    total = len(comparison.compared)
    if total == 0:
        yield "There is nothing to compare."
        yield from apart.reasons(comparison.sides)
        return
    numbers = {verdict: len(comparison.of(verdict)) for verdict in Verdict}
    yield (
        f"{counted(total, 'operation')}: {numbers[Verdict.REGRESSION]} worse (R), "
        f"{numbers[Verdict.IMPROVEMENT]} better (I), "
        f"{numbers[Verdict.SAME]} without a difference, "
        f"{numbers[Verdict.UNKNOWN]} with too few samples to tell (?)."
    )
    yield (
        f"In brackets: bootstrap 95 % intervals of the medians, of {comparison.unit}s. Called "
        f"worse or better: what changed by {comparison.least_percent:g} % or more, where the "
        "intervals do not overlap, and where chance accounts for at most 5 % of what is called so "
        "(permutation test, Benjamini and Hochberg)."
    )
    if comparison.is_blind:
        yield (
            f"NOTHING COULD BE TOLD: among {counted(total, 'operation')} it takes "
            f"{counted(comparison.needed, comparison.unit)} on each side to tell a single "
            "difference. "
            f"{REMEDIES[comparison.unit]}"
        )
    yield from doubts(comparison)
    for alone in comparison.unmatched:
        where = f" ({alone.place.name()})" if any(alone.place) else ""
        names = [comparison.labels[one] for one in alone.operations]
        more = f", and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"Only in {alone.side}{where}: {', '.join(names[:3])}{more}."


def doubts(comparison: Comparison) -> Iterator[str]:
    """What else may have made a difference."""
    first, *others = comparison.sides
    if any(conditions.is_one_boot_each(first.all(), other.all()) for other in others):
        yield (
            "Each side is one boot: what differs from boot to boot is taken for a change. Folders "
            "with several recordings, each of a boot of its own, tell the two apart."
        )
    elif comparison.unit == RUN and any(side.has_several for side in comparison.sides):
        yield (
            "A sample is a run here, though there are several recordings: what differs from one to "
            "the next is taken for a change. Only with several of each side can each be a sample."
        )
    for side in comparison.sides:
        if busy := sum(map(conditions.is_busy, side.all())):
            yield (
                f"{side.name}: the machine was busy with something else when {busy} of "
                f"{counted(len(side.all()), 'recording')} began."
            )


def as_text(comparison: Comparison, is_wanted: Callable[[Compared], bool]) -> str:
    """For a terminal."""
    blocks = []
    for part in parts(comparison, is_wanted):
        block = f"== {part.heading} ==\n"
        block += columns(part.rows) if part.rows else ""
        blocks.append(block + "".join(f"{sentence}\n" for sentence in part.sentences))
    return "\n".join(blocks)


def as_markdown(comparison: Comparison, is_wanted: Callable[[Compared], bool]) -> str:
    """For whatever renders it."""
    blocks = []
    for part in parts(comparison, is_wanted):
        block = f"### {part.heading}\n\n"
        block += markdown_table(part.rows) if part.rows else ""
        blocks.append(block + "\n\n".join(part.sentences) + ("\n" if part.sentences else ""))
    return "\n".join(blocks)


def markdown_table(rows: Rows) -> str:
    """A table."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"

    headings = list(rows[0])
    return (
        line(headings)
        + line(["---"] * len(headings))
        + "".join(line([row[name] for name in headings]) for row in rows)
    )
