# SPDX-License-Identifier: GPL-2.0
"""Usable sizes against independent witnesses."""

import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterator

import lab

KMALLOC_MAX = 4 << 20
CACHE_MAX = 8 << 10
PAGE = os.sysconf("SC_PAGESIZE")
# What an entry of the second level of page tables maps.
HUGE = PAGE // 8 * PAGE
SLAB = "/sys/kernel/slab"


def slab_classes() -> list[int]:
    """The sizes of kmalloc's caches, as each says itself."""
    names = [name for name in os.listdir(SLAB) if re.fullmatch(r"kmalloc-\d+k?", name)]
    return sorted(int(lab.read_text(f"{SLAB}/{name}/object_size")) for name in names)


def slabinfo() -> dict[str, list[int]]:
    """Active objects, all objects, and the bytes that an object takes, of each cache."""
    fields = [line.split() for line in lab.read_text("/proc/slabinfo").splitlines()[2:]]
    return {name: [int(number) for number in numbers[:3]] for name, *numbers in fields}


def round_up(size: int, unit: int) -> int:
    """The multiple of `unit` that holds `size` bytes."""
    return -(-size // unit) * unit


def in_pages(size: int) -> int:
    """The whole pages that hold `size` bytes."""
    return round_up(size, PAGE)


def block(size: int) -> int:
    """The block of 2^n pages that holds `size` bytes."""
    pages = in_pages(size) // PAGE
    return PAGE << (pages - 1).bit_length()


def from_kmalloc(size: int) -> int:
    """What kmalloc gives: the smallest class, or a block."""
    return next((size_class for size_class in CLASSES if size_class >= size), block(size))


CLASSES = slab_classes()


def differences(allocator: str, sizes: str, expected: Callable[[lab.Record], int]) -> Iterator[str]:
    """Where `sweep` says something else than `expected`."""
    rows = lab.records(f"sweep allocator={allocator} {sizes}", "series")
    if not rows:
        yield f"{sizes}: no rows"
    for row in rows:
        size, usable = row["size_bytes"], row["usable_min_bytes"]
        if row["outcome"] != "ok" or usable != expected(row):
            yield f"{size} bytes: expected {expected(row)}, got {usable} ({row['outcome']})"


def slabinfo_agrees() -> Iterator[str]:
    """What an object takes: what it offers, and what debugging adds to that."""
    if len(CLASSES) < 10:
        yield f"only these classes in {SLAB}: {CLASSES}"
    for name, (_, _, size) in slabinfo().items():
        if re.fullmatch(r"kmalloc-\d+k?", name):
            taken = int(lab.read_text(f"{SLAB}/{name}/slab_size"))
            if size != taken:
                yield f"{name} takes {taken} bytes in {SLAB}, {size} in /proc/slabinfo"


def every_small_size() -> Iterator[str]:
    for first, last in ((1, 4096), (4097, CACHE_MAX)):
        yield from differences(
            "kmalloc", f"from={first} to={last} step=1", lambda row: from_kmalloc(row["size_bytes"])
        )


def around_each_power(allocator: str, expected: Callable[[lab.Record], int]) -> Iterator[str]:
    size = PAGE
    while size <= KMALLOC_MAX:
        above = f"from={size} to={size + 1} step=1"
        if size == KMALLOC_MAX and allocator in ("kmalloc", "pages"):
            above = f"from={size} to={size}"
        yield from differences(allocator, above, expected)
        yield from differences(allocator, f"from={size - 1} to={size - 1}", expected)
        size *= 2


def kmalloc_above_the_caches() -> Iterator[str]:
    yield from around_each_power("kmalloc", lambda row: from_kmalloc(row["size_bytes"]))


def vmalloc_is_whole_pages() -> Iterator[str]:
    yield from around_each_power("vmalloc", lambda row: in_pages(row["size_bytes"]))


def pages_are_a_block() -> Iterator[str]:
    yield from around_each_power("pages", lambda row: block(row["size_bytes"]))


def kvmalloc_is_what_served_it() -> Iterator[str]:
    def expected(row: lab.Record) -> int:
        size, usable = row["size_bytes"], int(row["usable_min_bytes"])
        if row["served_by"] != "vmalloc":
            return from_kmalloc(size)
        # The kernel may map huge pages under a kvmalloc, and then gives whole ones.
        return usable if usable == round_up(size, HUGE) else in_pages(size)

    yield from around_each_power("kvmalloc", expected)
    for size, backends in (
        (100, ["slab"]),
        (CACHE_MAX, ["slab", "vmalloc"]),
        (12 << 20, ["vmalloc"]),
    ):
        row = lab.records(f"sweep allocator=kvmalloc from={size} to={size}", "series")[0]
        if row["served_by"] not in backends:
            yield f"{size} bytes: expected one of {backends}, got {row['served_by']}"


def kept_alignment() -> Iterator[str]:
    for allocator in ("kmalloc", "kvmalloc", "pages"):
        for align in (64, 512, PAGE):
            sizes = f"from=1 to=4096 step=x2 count=8 align={align}"
            for row in lab.records(f"sweep allocator={allocator} {sizes}", "series"):
                if (
                    row["alignment_min_bytes"] < align
                    or row["usable_min_bytes"] < row["size_bytes"]
                ):
                    yield f"align={align}: {row}"


@contextlib.contextmanager
def under_way(command: str) -> Iterator[None]:
    """A run in another process, which is cancelled in the end, and not over before."""
    child = os.fork()
    if child == 0:
        lab.ask(command)
        os._exit(0)
    try:
        lab.wait_for_a_run()
        yield
        if not lab.is_under_way():
            raise AssertionError(f"{command}: the run was over before it was cancelled")
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def vmallocinfo_shows_it() -> Iterator[str]:
    size = 3_333_333
    # Its size there includes the guard page.
    wanted = re.compile(rf" {in_pages(size) + PAGE} .*pages={in_pages(size) // PAGE} vmalloc")
    with under_way(f"probe allocator=vmalloc size={size} repeat=1000000"):
        seen = lab.until(lambda: bool(wanted.search(lab.read_text("/proc/vmallocinfo"))))
    if not seen:
        yield f"no area with '{wanted.pattern}' in /proc/vmallocinfo during the run"
    if wanted.search(lab.read_text("/proc/vmallocinfo")):
        yield "the area is still there after the run"


def vmallocinfo_has_the_pages_of_kvmalloc() -> Iterator[str]:
    """How many pages are really under a kvmalloc, be they huge or not."""
    size = 7_000_001
    usable = lab.records(f"probe allocator=kvmalloc size={size}", "allocation")[0]["usable_bytes"]
    wanted = re.compile(rf"\[rust_memalloc\] pages={usable // PAGE} vmalloc")
    with under_way(f"probe allocator=kvmalloc size={size} repeat=1000000"):
        if not lab.until(lambda: bool(wanted.search(lab.read_text("/proc/vmallocinfo")))):
            lines = [
                line
                for line in lab.read_text("/proc/vmallocinfo").splitlines()
                if "rust_mem" in line
            ]
            yield f"no area with '{wanted.pattern}' in /proc/vmallocinfo during the run: {lines}"


def slabinfo_shows_them() -> Iterator[str]:
    name, size, count = "kmalloc-8k", 5000, 1000
    before = slabinfo()[name][0]
    with under_way(f"probe allocator=kmalloc size={size} count={count} repeat=1000000"):
        # They come and go: most of them are there at some moment.
        seen = lab.until(lambda: slabinfo()[name][0] - before > count * 3 // 4)
    if not seen:
        yield f"{name} never had {count * 3 // 4} objects more than the {before} before"


def large_kmalloc_is_not_in_the_caches() -> Iterator[str]:
    before = slabinfo()["kmalloc-8k"][0]
    with under_way(f"probe allocator=kmalloc size={CACHE_MAX + 1} count=500 repeat=1000000"):
        seen = lab.until(lambda: slabinfo()["kmalloc-8k"][0] - before > 250, seconds=2)
    if seen:
        yield "objects of kmalloc-8k grew with requests of 8193 bytes"


def results_are_json_lines() -> Iterator[str]:
    for command in (
        "probe",
        "sweep",
        "compare",
        "orders",
        "probe allocator=all size=123456 zero=yes",
    ):
        outcome = lab.ask(command)
        if outcome.error != "OK":
            yield f"{command}: {outcome.error}"
        records = lab.results()
        if [records[0]["kind"], records[-1]["kind"]] != ["begin", "end"]:
            yield f"{command}: from {records[0]['kind']} to {records[-1]['kind']}"
        for record in records:
            scenario, run = command.split()[0], records[0]["run"]
            found = (record["schema"], record["scenario"], record["run"])
            if found != (1, scenario, run):
                yield f"{command}: expected {(1, scenario, run)}, got {found}"
        if records[-1]["status"] != "complete" or records[-1]["outstanding"] != 0:
            yield f"{command}: ended with {records[-1]}"


def probe_and_sweep_agree() -> Iterator[str]:
    for allocator in ("kmalloc", "vmalloc", "pages"):
        for size in (1, 97, 4097, 100_000):
            row = lab.records(f"sweep allocator={allocator} from={size} to={size}", "series")[0]
            found = lab.records(f"probe allocator={allocator} size={size}", "allocation")[0]
            swept = (row["usable_min_bytes"], row["served_by"], row["waste_percent"])
            probed = (found["usable_bytes"], found["served_by"], found["waste_percent"])
            if swept != probed:
                yield f"{allocator} {size}: sweep {swept}, probe {probed}"
            waste = 100 * (found["usable_bytes"] - size) / found["usable_bytes"]
            # Rounded to a tenth, for a block's request as it was made.
            if abs(found["waste_percent"] - waste) > 0.0501 and allocator != "pages":
                yield f"{allocator} {size}: waste {found['waste_percent']} instead of {waste}"


lab.check(
    [
        ("slabinfo has the classes that sysfs has", slabinfo_agrees),
        ("kmalloc: every size up to 8 KiB gets the smallest class", every_small_size),
        ("kmalloc: above 8 KiB a block of pages", kmalloc_above_the_caches),
        ("vmalloc: whole pages", vmalloc_is_whole_pages),
        ("pages: a block", pages_are_a_block),
        ("kvmalloc: as the backend that served it", kvmalloc_is_what_served_it),
        ("the alignment asked for is kept", kept_alignment),
        ("/proc/vmallocinfo shows a live vmalloc", vmallocinfo_shows_it),
        (
            "/proc/vmallocinfo has the pages of a live kvmalloc",
            vmallocinfo_has_the_pages_of_kvmalloc,
        ),
        ("/proc/slabinfo shows live objects of kmalloc", slabinfo_shows_them),
        ("/proc/slabinfo shows none of large kmalloc", large_kmalloc_is_not_in_the_caches),
        ("results are JSON Lines for every scenario", results_are_json_lines),
        ("probe and sweep agree", probe_and_sweep_agree),
    ]
)
