# SPDX-License-Identifier: GPL-2.0
"""malloc of the C library that Python itself uses, and how long it takes."""

import ctypes
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ..comparing.estimate import median

# Calls to find out what calling costs.
EMPTY_CALLS = 500


class Timed(NamedTuple):
    """What a call returned, and the time from before it until after it."""

    value: Any
    elapsed_ns: int


class Times:
    """How long calls took, less what Python and the clock take for a call that does nothing."""

    def __init__(self, empty: list[int]) -> None:
        self.empty_min_ns = min(empty)
        self.empty_p50_ns = round(median(empty))
        self._elapsed: list[int] = []

    def add(self, elapsed_ns: int) -> None:
        """Adds a call."""
        self._elapsed.append(elapsed_ns)

    @property
    def min_ns(self) -> int | None:
        """The least."""
        return max(min(self._elapsed) - self.empty_min_ns, 0) if self._elapsed else None

    @property
    def p50_ns(self) -> int | None:
        """The median."""
        if not self._elapsed:
            return None
        return max(round(median(self._elapsed)) - self.empty_p50_ns, 0)


def timed(call: Callable[..., Any], *arguments: int) -> Timed:
    """Calls, and takes the time."""
    before = time.perf_counter_ns()
    value = call(*arguments)
    return Timed(value, time.perf_counter_ns() - before)


# A type of C; None for void.
Type = type["ctypes._SimpleCData[Any]"] | None


def typed(
    name: str, result: Type, *arguments: "type[ctypes._SimpleCData[Any]]"
) -> Callable[..., Any]:
    """A function of the C library."""
    # Each has an object of its own, so that the types of one are not those of another.
    function = ctypes.CDLL(None)[name]
    function.restype = result
    function.argtypes = list(arguments)
    return function


class Library:
    """The functions, as C declares them."""

    def __init__(self) -> None:
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        self.malloc = typed("malloc", pointer, size)
        self.free = typed("free", None, pointer)
        self.usable_size = typed("malloc_usable_size", size, pointer)
        self.memset = typed("memset", pointer, pointer, ctypes.c_int, size)
        # What calling costs: functions of the same form that do nothing that takes time.
        self._empty_malloc = typed("labs", pointer, size)
        self._empty_free = typed("labs", None, pointer)

    def allocation_times(self) -> Times:
        """For calls of malloc."""
        return Times([timed(self._empty_malloc, 64).elapsed_ns for _ in range(EMPTY_CALLS)])

    def free_times(self) -> Times:
        """For calls of free."""
        return Times([timed(self._empty_free, 64).elapsed_ns for _ in range(EMPTY_CALLS)])

    def touch_times(self) -> Times:
        """For calls of memset, of which one that writes a byte does next to nothing."""
        byte = ctypes.c_char()
        address = ctypes.addressof(byte)
        return Times([timed(self.memset, address, 0, 1).elapsed_ns for _ in range(EMPTY_CALLS)])

    def is_zeroed(self, address: int, size_bytes: int) -> bool:
        """Whether memory holds nothing but zeroes."""
        return not any(ctypes.string_at(address, size_bytes))


class Heap:
    """Where the memory that brk(2) gives lies: malloc takes the rest from mmap(2)."""

    def __init__(self, maps: str = "/proc/self/maps") -> None:
        self._spans: list[range] = []
        with open(maps, encoding="utf-8") as file:
            for line in file:
                fields = line.split()
                if fields[-1] == "[heap]":
                    first, _, end = fields[0].partition("-")
                    self._spans.append(range(int(first, 16), int(end, 16)))

    def served_by(self, address: int) -> str:
        """Which of the two gave the memory."""
        return "heap" if any(address in span for span in self._spans) else "mmap"
