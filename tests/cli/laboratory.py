# SPDX-License-Identifier: GPL-2.0
"""A laboratory that is none: it answers commands with figures made up."""

import errno
import json
from collections.abc import Callable

from memalloc_cli.interface import Answer, Laboratory, UnavailableError

from . import fixtures
from .synthetic import Source, Wanted

SCENARIOS = """\
compare: Which allocator suits which size?
    count=4  allocations held at once: allocations held at once, from 1 to 65536

latency: How long does each operation take?
    allocator=kmalloc  allocators to use: kmalloc, vmalloc, kvmalloc, pages, several with \
commas, or all
    via=library  through which code: library, c, or both with a comma, or all
    preset=none  workload of another benchmark: none, lab-bulk or slab-pair
    sizes=fixed  which sizes follow: fixed, sweep
    from=64  first size, in bytes: bytes from 1 to 9
    to=64  last size, in bytes: bytes from 1 to 9
    step=x2  how to get from one to the next: bytes from 1 to 9

claims: Which statements of the two guides hold on this kernel?
"""


class Invented(Laboratory):
    """Answers every command that it does not have something special for."""

    def __init__(self, source: Source | None = None) -> None:
        super().__init__("/nonexistent")
        self.source = source or Source(Wanted())
        self.asked: list[str] = []
        # Of the n-th command, what happens instead.
        self.special: dict[int, Callable[[], Answer]] = {}
        self._results = ""

    def read(self, name: str) -> str:
        known = {
            "scenarios": SCENARIOS,
            "environment": fixtures.ENVIRONMENT,
            "version": "abi 1\nresults 1\nmodule 0.1.0\n",
            "results": self._results,
            "progress": "idle\n",
            "held": fixtures.HELD,
        }
        if name not in known:
            raise UnavailableError(name)
        return known[name]

    def command(self, text: str, name: str = "run") -> Answer:
        self.asked.append(text)
        number = len(self.asked)
        if number in self.special:
            return self.special[number]()
        if name == "held":
            return Answer(f"run {number}: {text}\n")
        records = list(self.source.records(number, text))
        self._results = "".join(json.dumps(record) + "\n" for record in records)
        return Answer(f"run {number}: {text}\n")

    def end_early(self) -> Answer:
        """A run that came to its limit of time."""
        number = len(self.asked)
        records = list(self.source.records(number, self.asked[-1]))
        records[-1].update(status="timeout", reason="out of time")
        self._results = "".join(json.dumps(record) + "\n" for record in records)
        return Answer(f"run {number}: x\nstopped: out of time\n", errno.ETIMEDOUT)


def refused() -> Answer:
    """What the module does not allow."""
    return Answer("refused: count=0: at least 1\n", errno.ERANGE)


def cancelled() -> Answer:
    """What a signal ended."""
    return Answer("run 7: compare\nstopped: cancelled by a signal\n", errno.ECANCELED)


def lost() -> Answer:
    """A run whose results another one replaced."""
    return Answer("run 999: compare\n")
