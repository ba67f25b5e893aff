# SPDX-License-Identifier: GPL-2.0
"""Allocating where sleeping is forbidden, against the kernel's own account of the place."""

import os
from collections.abc import Callable, Iterator

import lab

PAGE = os.sysconf("SC_PAGESIZE")
# The bits of preempt_count (include/linux/preempt.h). Since 7.3 those of hard interrupts lie above
# a count of who has disabled them.
PREEMPT, SOFTIRQ, DISABLED = 0xFF, 0x100, 0x200
HARDIRQ = 0xF0000 if lab.kernel_version() < (7, 3) else 0xF000000

# Whether the bits of preempt_count, and interrupts, are as they have to be in each place.
PLACES: dict[str, Callable[[int, bool], bool]] = {
    "preemption off": lambda count, off: count & PREEMPT == 1 and count >> 8 == 0 and not off,
    "spinlock held": lambda count, off: count & PREEMPT == 1 and count >> 8 == 0 and not off,
    "bottom halves off": lambda count, off: bool(count & DISABLED) and not off,
    "interrupts off": lambda count, off: count >> 8 == 0 and off,
    "softirq": lambda count, off: bool(count & SOFTIRQ) and count < 0x10000 and not off,
    "hard interrupt": lambda count, off: bool(count & HARDIRQ) and off,
}
INTERRUPTS = ("softirq", "hard interrupt")


def calls(arguments: str = "") -> list[lab.Record]:
    """The rows of calls."""
    return lab.records(f"context {arguments}", "call")


def places_are_what_they_are_called() -> Iterator[str]:
    rows = calls("count=1")
    if {row["place"] for row in rows} != PLACES.keys():
        yield f"places: {sorted({row['place'] for row in rows})}"
    for row in rows:
        count, off = int(row["preempt_count"], 16), row["interrupts_off"]
        if not PLACES[row["place"]](count, off):
            yield f"{row['place']}: preempt_count {count:#x}, interrupts off: {off}"


def what_is_tried_works(size: int) -> Iterator[str]:
    rows = calls(f"size={size}")
    if len(rows) != len(PLACES) * 4 * 2:
        yield f"{len(rows)} rows"
    for row in rows:
        may_map = row["allocator"] == "vmalloc" or (row["allocator"] == "kvmalloc" and size > PAGE)
        what = f"{row['place']}, {row['allocator']}, {row['gfp']}: {row['outcome']}"
        if may_map and row["place"] in INTERRUPTS:
            if row["done"] is not None or not row["outcome"].startswith("not tried: "):
                yield f"{what}: was tried"
        elif (row["outcome"], row["done"], row["done_of"]) != ("ok", 16, 16):
            yield f"{what}: {row['done']} of {row['done_of']}"


def small() -> Iterator[str]:
    yield from what_is_tried_works(100)


def one_page() -> Iterator[str]:
    yield from what_is_tried_works(PAGE)


def several_pages() -> Iterator[str]:
    yield from what_is_tried_works(PAGE + 1)


def large() -> Iterator[str]:
    yield from what_is_tried_works(32 << 10)


def freed_as_it_has_to_be() -> Iterator[str]:
    names = {"kmalloc": "kfree", "pages": "__free_pages"}
    for row in calls("count=1"):
        if row["done"] is None:
            continue
        expected = (names.get(row["allocator"], "kvfree_atomic"), row["served_by"] == "vmalloc")
        if (row["freed_by"], row["freed_later"]) != expected:
            yield f"{row['allocator']}: {row['freed_by']}, later: {row['freed_later']}"


def too_large_is_not_tried() -> Iterator[str]:
    for row in calls("size=2M"):
        if row["done"] is not None or not row["outcome"].startswith("not tried: "):
            yield f"{row['place']}, {row['allocator']}: {row['outcome']}"


def deferred_frees_keep_up() -> Iterator[str]:
    """What a worker frees later does not pile up: this is more than the machine has."""
    before = available()
    rows = calls("allocator=vmalloc size=1M count=200")
    for row in rows:
        if row["done"] is not None and row["done"] != 200:
            yield f"{row['place']}, {row['gfp']}: {row['done']} of 200: {row['outcome']}"
    if before - available() > 64 << 10:
        yield f"MemAvailable fell from {before} to {available()} kB"


def available() -> int:
    """MemAvailable, in kB."""
    lines = lab.read_text("/proc/meminfo").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))


def types_name_their_tests() -> Iterator[str]:
    folder = f"{os.path.dirname(os.path.abspath(__file__))}/../../tests/compile_fail"
    rows = lab.records("context count=1", "refused_by_types")
    if not os.path.isdir(folder):
        raise lab.SkipError("there is no tests/compile_fail")
    for row in rows:
        try:
            text = lab.read_text(f"{folder}/{row['proof']}.rs")
        except FileNotFoundError:
            yield f"{row['attempt']}: no test {row['proof']}"
            continue
        if row["error"] not in text:
            yield f"{row['attempt']}: {row['proof']} does not expect {row['error']}"


lab.check(
    [
        ("each place is what it is called", places_are_what_they_are_called),
        ("100 bytes", small),
        ("a page", one_page),
        ("more than a page", several_pages),
        ("32 KiB", large),
        ("freed by the function that goes with it", freed_as_it_has_to_be),
        ("2 MiB are not tried", too_large_is_not_tried),
        ("what is freed later does not pile up", deferred_frees_keep_up),
        ("what does not compile has a test that says so", types_name_their_tests),
    ]
)
