# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: what is needed, and the limits of the machine that has to give it."""

from enum import Enum
from typing import NamedTuple


class Context(Enum):
    """Where the memory is allocated and freed."""

    SLEEP = "sleep"
    # Under a spinlock that no interrupt takes.
    ATOMIC = "atomic"
    INTERRUPT = "interrupt"
    ATOMIC_FREE = "atomic-free"


class Lifetime(Enum):
    """For whom the memory lives."""

    KERNEL = "kernel"
    USER = "user"


class Need(NamedTuple):
    """What the memory is for."""

    size_bytes: int
    context: Context = Context.SLEEP
    is_contiguous: bool = False
    is_zeroed: bool = False
    lifetime: Lifetime = Lifetime.KERNEL


class Machine(NamedTuple):
    """The limits of a machine, as the file `environment` tells them."""

    page_bytes: int = 4096
    kmalloc_max_bytes: int = 4 << 20
    memory_bytes: int | None = None
    # Spinlocks and the allocators' own locks sleep.
    is_realtime: bool = False

    @classmethod
    def of(cls, environment: dict[str, str]) -> "Machine":
        """From the lines of the file."""
        return cls(
            page_bytes=int(environment["page_bytes"]),
            kmalloc_max_bytes=int(environment["kmalloc_max_bytes"]),
            memory_bytes=int(environment["memory_bytes"]),
            is_realtime=environment.get("CONFIG_PREEMPT_RT") == "y",
        )
