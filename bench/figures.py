# SPDX-License-Identifier: GPL-2.0
"""What was measured."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# What the module calls its sizes: the suffix of the operation's name, and when the size is known.
SIZES = {
    "constant": ("", "compile"),
    "variable": ("", "run"),
    "changing": ("_checked", "run"),
}


@dataclass(frozen=True)
class Entry:
    """What the log tells of an operation on one path."""

    op: str
    size_bytes: int
    # "compile" or "run".
    size_known: str
    # "c", "library" or "kernel".
    via: str


@dataclass(frozen=True)
class NotThere(Entry):
    """The path does not have the operation."""


@dataclass(frozen=True)
class Figure(Entry):
    """What an allocation and its free cost."""

    per_op: float
    # How much more nine in ten of the batches cost at most.
    spread: float


@dataclass
class Row:
    """The figures of one operation at one size."""

    op: str
    size_bytes: int
    size_known: str
    via: dict[str, Figure] = field(default_factory=dict)
    # The paths that do not have the operation.
    not_there: set[str] = field(default_factory=set)

    def ratio(self, other: str) -> float | None:
        """The library's figure divided by another's, if there are both."""
        if "library" not in self.via or other not in self.via:
            return None
        return self.via["library"].per_op / self.via[other].per_op

    def __str__(self) -> str:
        return f"{self.op}, {self.size_bytes} bytes, size known at {self.size_known} time"


def rows_of(entries: Iterable[Figure | NotThere]) -> list[Row]:
    """Brings together what belongs together, in the order of its first entry."""
    rows: dict[tuple[str, int, str], Row] = {}
    for entry in entries:
        key = (entry.op, entry.size_bytes, entry.size_known)
        row = rows.setdefault(key, Row(*key))
        match entry:
            case Figure():
                row.via[entry.via] = entry
            case NotThere():
                row.not_there.add(entry.via)
    return list(rows.values())
