# SPDX-License-Identifier: GPL-2.0
"""Makes figures of the benchmark's log, prints them, and says whether the bars hold."""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bars
import operations
from figures import SIZES, Figure, NotThere, Row, rows_of

# All of a line: the last of a log may be cut.
LINE = re.compile(r"rust_bench: (op=.* (?:empty_ns=\d+|not_there))$")


def read_log(lines: Iterable[str]) -> Iterator[Figure | NotThere]:
    """The figures that the module logged, and where there are none."""
    for line in lines:
        found = LINE.search(line)
        if found is None:
            continue
        field = dict(re.findall(r"(\w+)=(\S+)", found[1]))
        suffix, size_known = SIZES[field["size"]]
        op, size_bytes = field["op"] + suffix, int(field["size_bytes"])
        if found[1].endswith(" not_there"):
            yield NotThere(op, size_bytes, size_known, field["via"])
            continue
        rounds = int(field["rounds"])
        empty_ns = int(field["empty_ns"])
        yield Figure(
            op=op,
            size_bytes=size_bytes,
            size_known=size_known,
            via=field["via"],
            per_op=(int(field["min_ns"]) - empty_ns) / rounds,
            spread=(int(field["high_ns"]) - int(field["min_ns"])) / rounds,
        )


def write_json_lines(path: Path, figures: list[Figure], unit: str) -> None:
    """A line for each figure."""
    with path.open("w", encoding="utf-8") as file:
        for figure in figures:
            record = {
                "op": figure.op,
                "size_bytes": figure.size_bytes,
                "size_known": figure.size_known,
                "via": figure.via,
                "per_op": round(figure.per_op, 2),
                "unit": unit,
            }
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def ratio_cell(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.4f}"


def print_table(rows: list[Row], unit: str) -> None:
    """A line for each operation, size and knowledge of it."""
    spreads = ("±C", "±library", "±kernel") if unit == "ns" else ()
    heads = ("C", "library", "kernel", *spreads, "library÷C", "library÷kernel")
    print(f"{'operation':22} {'bytes':>8} {'size known':>10}" + "".join(f" {h:>14}" for h in heads))
    for row in rows:
        figures = [row.via.get(via) for via in ("c", "library", "kernel")]
        cells = [f"{figure.per_op:.2f}" if figure else "-" for figure in figures]
        if spreads:
            cells += [f"{figure.spread:.2f}" if figure else "-" for figure in figures]
        cells += [ratio_cell(row.ratio("c")), ratio_cell(row.ratio("kernel"))]
        size = f"{row.op:22} {row.size_bytes:>8} {row.size_known:>10}"
        print(size + "".join(f" {text:>14}" for text in cells))


@dataclass
class Arguments:
    log: Path
    json_lines: Path
    unit: str


def parse_arguments() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path, help="a kernel log with the module's lines")
    parser.add_argument("json_lines", type=Path, help="where the figures go")
    parser.add_argument("--unit", choices=("instructions", "ns"), default="instructions")
    space = parser.parse_args()
    return Arguments(space.log, space.json_lines, space.unit)


def main() -> int:
    arguments = parse_arguments()
    with arguments.log.open(encoding="utf-8", errors="replace") as log:
        entries = list(read_log(log))
    figures = [entry for entry in entries if isinstance(entry, Figure)]
    write_json_lines(arguments.json_lines, figures, arguments.unit)
    rows = rows_of(entries)
    if missing := operations.missing(rows):
        print("\n".join(missing))
        print(f"{arguments.log} is not whole: of {len(missing)} rows, figures are missing")
        return 1
    print(f"{arguments.unit} for an allocation and its free\n")
    print_table(rows, arguments.unit)
    print()
    checked = bars.check(rows, allow_spread=arguments.unit == "ns")
    for broken in checked.broken:
        print(f"bar broken: {broken}")
    print(f"{checked.held} bars hold, {len(checked.broken)} are broken")
    return 0 if checked.held and not checked.broken else 1


if __name__ == "__main__":
    sys.exit(main())
