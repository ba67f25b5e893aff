# SPDX-License-Identifier: GPL-2.0
"""What the module measures, as its own table says: operations.rs."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from figures import SIZES, Row

TABLE = Path(__file__).resolve().with_name("operations.rs")
LINE = re.compile(
    r"^ *rows!\(visit, (?P<op>\w+), (?P<unit>\w+), \[(?P<amounts>[\d ]+)\]\);$", re.MULTILINE
)
# On x86-64, where the benchmark is run.
PAGE_BYTES = 4096
UNITS: dict[str, Callable[[int], int]] = {
    "bytes": lambda amount: amount,
    "words": lambda amount: amount * 4,
    "block": lambda order: PAGE_BYTES << order,
}
# The kernel crate need not have all of it.
PATHS = ("c", "library", "kernel")


def rows() -> Iterator[Row]:
    """A row, without figures, for each operation, size and knowledge of it."""
    for line in LINE.finditer(TABLE.read_text()):
        for amount in line["amounts"].split():
            size_bytes = UNITS[line["unit"]](int(amount))
            for suffix, size_known in SIZES.values():
                yield Row(line["op"] + suffix, size_bytes, size_known)
    yield Row("timing", 0, "compile")


def missing(measured: Iterable[Row]) -> list[str]:
    """What should have been measured and was not, one a line."""
    known = {str(row): row for row in measured}
    found = []
    for row in rows():
        told = known.get(str(row), row)
        if lacking := [via for via in PATHS if via not in (*told.via, *told.not_there)]:
            found.append(f"{row}: there is no figure of {', '.join(lacking)}")
    return found
