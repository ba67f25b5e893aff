# SPDX-License-Identifier: GPL-2.0
"""How far a run has come: the file `progress`, and a bar on a terminal."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TextIO

from .interface import Laboratory, UnavailableError, facts_of

BAR_WIDTH = 30
SECONDS_PER_LOOK = 0.2
# Shorter runs need no bar.
SECONDS_OF_PATIENCE = 0.5
CLEAR_LINE = "\r\x1b[K"


class Progress(NamedTuple):
    """A run under way."""

    run: int
    scenario: str
    done: int
    total: int
    elapsed_ms: int


def parse(text: str) -> Progress | None:
    """What the file says; nothing if no run is under way."""
    if text.strip() == "idle":
        return None
    facts = facts_of(text)
    return Progress(
        run=int(facts["run"]),
        scenario=facts["scenario"],
        done=int(facts["done"]),
        total=int(facts["total"]),
        elapsed_ms=int(facts["elapsed_ms"]),
    )


def bar(progress: Progress) -> str:
    """A line of text. The total is a forecast: a run may do less, or end early."""
    seconds = f"{progress.elapsed_ms / 1000:.1f} s"
    if progress.total == 0:
        return f"{progress.scenario}: {seconds}"
    done = min(progress.done, progress.total)
    filled = BAR_WIDTH * done // progress.total
    percent = 100 * done // progress.total
    return (
        f"{progress.scenario}: [{'#' * filled}{'.' * (BAR_WIDTH - filled)}] "
        f"{percent:3}% {progress.done}/{progress.total}, {seconds}"
    )


def look(laboratory: Laboratory) -> Progress | None:
    """What the file says now; nothing if it cannot be read."""
    try:
        return parse(laboratory.read("progress"))
    except (UnavailableError, KeyError, ValueError):
        return None


def draw(laboratory: Laboratory, stop: threading.Event, to: TextIO) -> None:
    """Draws the bar until it is told to stop, and wipes it away."""
    # The signal is for the thread that waits for the run.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    is_drawn = False
    delay = SECONDS_OF_PATIENCE
    while not stop.wait(delay):
        delay = SECONDS_PER_LOOK
        if progress := look(laboratory):
            to.write(CLEAR_LINE + bar(progress))
            to.flush()
            is_drawn = True
    if is_drawn:
        to.write(CLEAR_LINE)
        to.flush()


@contextmanager
def shown(laboratory: Laboratory, to: TextIO | None = None) -> Iterator[None]:
    """Shows a bar meanwhile, if there is a terminal to show it on."""
    to = to or sys.stderr
    if not to.isatty():
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=draw, args=(laboratory, stop, to), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
