# SPDX-License-Identifier: GPL-2.0
"""Why sides that are to be compared have no operation in common."""

from collections.abc import Iterator

from .sides import Side, pairs


def reasons(sides: list[Side]) -> Iterator[str]:
    """A sentence about the first side and each of the others."""
    first, *others = sides
    for other in others:
        yield f"{first.name} and {other.name} {reason(first, other)}."


def reason(first: Side, other: Side) -> str:
    """What two sides did that cannot be compared."""
    shared = list(pairs(first, other))
    if not shared:
        return f"were not recorded in the same place: {places(first)}; and {places(other)}"
    before = {command: None for pair in shared for command in pair.before.plan.commands}
    after = {command: None for pair in shared for command in pair.after.plan.commands}
    mine = [command for command in before if command not in after]
    theirs = [command for command in after if command not in before]
    if mine and theirs:
        return f"ran different commands, such as '{mine[0]}' and '{theirs[0]}'"
    return "have no complete run in common that has figures"


def places(side: Side) -> str:
    """Where a side was recorded."""
    return "; ".join(place.name() for place in side.experiments)
