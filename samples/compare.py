#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compares the two forms of each sample, in tables for samples/README.md."""

import argparse
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from counts import Counts, counts_of

FOLDER = Path(__file__).resolve().parent
README = FOLDER / "README.md"
NAMES = re.compile(r"^samples := (.*)$", re.MULTILINE)

COST = re.compile(
    r"sample_(?P<sample>[a-z]+)_(?P<form>c|rust): cost of=(?P<operation>\S+) "
    r"rounds=(?P<rounds>\d+) min_ns=(?P<min_ns>\d+) empty_ns=(?P<empty_ns>\d+)"
)


@dataclass(frozen=True)
class Operation:
    """What a sample repeats."""

    sample: str
    name: str

    def __str__(self) -> str:
        return f"`{self.sample}`: {self.name}"


# In instructions, of the forms `c` and `rust`.
Costs = dict[Operation, dict[str, float]]


def sample_names() -> list[str]:
    """All samples, in the order in which they are built."""
    found = NAMES.search((FOLDER / "Kbuild").read_text())
    if found is None:
        raise ValueError("samples/Kbuild names no samples")
    return found[1].split()


def sources_table() -> str:
    """What there is in the sources, a line for each sample."""
    rows = [
        "| sample | lines in C | in Rust | branches in C | in Rust | `?` | frees in C | in Rust |",
        "|---|---|---|---|---|---|---|---|",
    ]
    c_sum = rust_sum = Counts(0, 0, 0, 0)
    for name in sample_names():
        c, rust = counts_of(FOLDER / f"{name}.c"), counts_of(FOLDER / f"{name}.rs")
        rows.append(sources_row(f"{name} ([C]({name}.c), [Rust]({name}.rs))", c, rust))
        c_sum, rust_sum = c_sum + c, rust_sum + rust
    rows.append(sources_row("all", c_sum, rust_sum))
    return "\n".join(rows) + "\n"


def sources_row(name: str, c: Counts, rust: Counts) -> str:
    cells: list[object] = [c.lines, rust.lines, c.branches, rust.branches, rust.passed_on]
    cells += [c.frees, rust.frees]
    return "| " + " | ".join([name, *map(str, cells)]) + " |"


def read_log(lines: Iterable[str]) -> Costs:
    """The least cost that was logged of each operation and form."""
    costs: Costs = {}
    for line in lines:
        if found := COST.search(line):
            nanoseconds = int(found["min_ns"]) - int(found["empty_ns"])
            cost = nanoseconds / int(found["rounds"])
            forms = costs.setdefault(Operation(found["sample"], found["operation"]), {})
            forms[found["form"]] = min(cost, forms.get(found["form"], cost))
    return costs


def costs_table(costs: Costs) -> str:
    """What the operations cost, a line for each."""
    rows = ["| operation | in C | in Rust | Rust ÷ C |", "|---|---|---|---|"]
    order = sample_names().index
    for operation, forms in sorted(costs.items(), key=lambda item: order(item[0].sample)):
        c, rust = forms["c"], forms["rust"]
        rows.append(f"| {operation} | {c:.0f} | {rust:.0f} | {rust / c:.2f} |")
    return "\n".join(rows) + "\n"


def missing(costs: Costs) -> list[str]:
    """What should have been measured and was not, one a line."""
    measured = {operation.sample for operation in costs}
    found = [f"{name}: nothing was measured" for name in sample_names() if name not in measured]
    for operation, forms in costs.items():
        if set(forms) != {"c", "rust"}:
            found.append(f"{operation} was measured in {sorted(forms)} only")
    return found


def with_table(name: str, table: str, document: str) -> str:
    """The document with the table between the marks of that name."""
    begin, end = f"<!-- {name}, by scripts/samples -->\n\n", f"\n<!-- end of {name} -->\n"
    before, begun, rest = document.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"{README} has no '{begin.strip()}' … '{end.strip()}'")
    return before + begin + table + end + after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="check the counts in README.md")
    action.add_argument(
        "--write", action="store_true", help="write what there is of the tables into README.md"
    )
    parser.add_argument("log", type=Path, nargs="?", help="a kernel log with the samples' costs")
    arguments = parser.parse_args()

    document = README.read_text()
    if arguments.check:
        if with_table("sources", sources_table(), document) == document:
            return 0
        print("samples/README.md counts other sources; run samples/compare.py --write")
        return 1
    print(sources_table())
    document = with_table("sources", sources_table(), document)
    if arguments.log is not None:
        with arguments.log.open(encoding="utf-8", errors="replace") as log:
            costs = read_log(log)
        if problems := missing(costs):
            print("\n".join(problems))
            return 1
        print(costs_table(costs))
        document = with_table("costs", costs_table(costs), document)
    if arguments.write:
        README.write_text(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
