# SPDX-License-Identifier: GPL-2.0
"""What goes on in the laboratory, shown periodically."""

import sys
import time
from typing import TextIO

from . import progress
from .interface import Laboratory

CLEAR_SCREEN = "\x1b[H\x1b[2J"


def held_table(text: str) -> str:
    """What is held: the file `held` up to its syntax."""
    return text.split("\n\n", 1)[0].rstrip("\n") + "\n"


def held_names(text: str) -> list[str]:
    """The names that the file `held` has."""
    return [row.split()[0] for row in held_table(text).splitlines()[1:]]


def screen(laboratory: Laboratory) -> str:
    """All there is to see at one moment."""
    under_way = progress.look(laboratory)
    held = held_table(laboratory.read("held"))
    if held.count("\n") <= 1:
        held = "nothing is held\n"
    parts = [
        progress.bar(under_way) + "\n" if under_way else "no run is under way\n",
        held,
        laboratory.read("stats"),
    ]
    return "\n".join(parts)


def watch(
    laboratory: Laboratory, interval_s: float, count: int | None, to: TextIO | None = None
) -> None:
    """Shows it until it was shown `count` times, or until an interrupt."""
    to = to or sys.stdout
    shown = 0
    while True:
        text = screen(laboratory)
        if to.isatty():
            text = CLEAR_SCREEN + text
        elif shown > 0:
            text = "\n" + text
        to.write(text)
        to.flush()
        shown += 1
        if count is not None and shown >= count:
            return
        time.sleep(interval_s)
