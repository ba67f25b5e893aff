# SPDX-License-Identifier: GPL-2.0
"""malloc of this process, measured as the laboratory measures the kernel's allocators.

Its records have the form of the laboratory's, with a kind of their own. What is asked for has no
memory behind it until it is touched: so each allocation is looked at before and after that.
"""

import os
import time
from collections.abc import Iterator
from typing import NamedTuple

from ..results import SCHEMA, Record
from ..table import bytes_text, parse_bytes
from .libc import Library
from .pagemap import Pagemap
from .series import largest, measure

SCENARIO = "malloc"
# In the words of the scenario `compare`, at whose sizes malloc is asked, too.
DEFAULTS = {"from": "64", "to": "4M", "step": "x16", "count": "4", "repeat": "8"}
# More would fill the memory of small machines.
MOST_BYTES = 1 << 30
MOST_COUNT = 65536
MOST_STEP = 1024


class RefusedError(ValueError):
    """A parameter that is not allowed, and why."""


class Parameters(NamedTuple):
    """What to measure."""

    sizes_bytes: list[int]
    # Allocations that are held at once, and rounds.
    held_at_once: int
    rounds: int
    # As they were given, or by default.
    words: dict[str, str]


def parameters(pairs: list[str]) -> Parameters:
    """From key=value."""
    words = dict(DEFAULTS)
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or key not in DEFAULTS:
            raise RefusedError(f"'{pair}': malloc takes {', '.join(f'{k}=' for k in DEFAULTS)}")
        words[key] = value
    count, repeat = number(words, "count"), number(words, "repeat")
    sizes_bytes = list(sizes(words))
    if max(sizes_bytes) * count > MOST_BYTES:
        raise RefusedError(
            f"{count} allocations of {bytes_text(max(sizes_bytes))} are more than "
            f"{bytes_text(MOST_BYTES)}"
        )
    return Parameters(sizes_bytes, count, repeat, words)


def number(words: dict[str, str], key: str) -> int:
    """A number above zero."""
    text = words[key]
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_COUNT):
        raise RefusedError(f"{key}={text}: a number from 1 to {MOST_COUNT}")
    return int(text)


def size_of(words: dict[str, str], key: str) -> int:
    """A size above zero."""
    try:
        size_bytes = parse_bytes(words[key])
    except ValueError as error:
        raise RefusedError(f"{key}={words[key]}: {error}") from error
    if not 0 < size_bytes <= MOST_BYTES:
        raise RefusedError(f"{key}={words[key]}: bytes from 1 to {bytes_text(MOST_BYTES)}")
    return size_bytes


def sizes(words: dict[str, str]) -> Iterator[int]:
    """From the first to the last."""
    size_bytes, last = size_of(words, "from"), size_of(words, "to")
    if last < size_bytes:
        raise RefusedError(f"to={words['to']} is less than from={words['from']}")
    step = words["step"]
    factor = int(step[1:]) if step[:1] == "x" and step[1:].isdigit() else 0
    if step[:1] == "x" and not 2 <= factor <= MOST_STEP:
        raise RefusedError(f"step={step}: xN to multiply by N from 2 to {MOST_STEP}, or bytes")
    while size_bytes <= last:
        yield size_bytes
        size_bytes = size_bytes * factor if factor else size_bytes + size_of(words, "step")


def records(wanted: Parameters) -> Iterator[Record]:
    """Runs it: the records, as they come."""
    started = time.monotonic_ns()
    library = Library()
    allocations = 0
    yield record("begin", kernel=os.uname().release, **wanted.words)
    with Pagemap() as pagemap:
        for size_bytes in wanted.sizes_bytes:
            series = measure(library, pagemap, size_bytes, wanted.held_at_once, wanted.rounds)
            allocations += series.allocated
            row = {"size_bytes": size_bytes, "allocator": SCENARIO, **series.figures()}
            yield record("malloc", **row, outcome=series.outcome)
    yield record("limit", allocator=SCENARIO, limit_bytes=largest(library))
    yield record(
        "end",
        status="complete",
        reason=None,
        allocations=allocations,
        outstanding=0,
        elapsed_ns=time.monotonic_ns() - started,
    )


def record(kind: str, **members: object) -> Record:
    """A record. There is no number of a run, as the laboratory has them."""
    return {"schema": SCHEMA, "run": 0, "scenario": SCENARIO, "kind": kind, **members}
