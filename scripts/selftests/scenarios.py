# SPDX-License-Identifier: GPL-2.0
"""The answers of classes, limits, resize, duplicate, overflow and unwind."""

import itertools
import os
import re
from collections.abc import Iterator

import lab

PAGE = os.sysconf("SC_PAGESIZE")
SLAB = "/sys/kernel/slab"
KFENCE_INTERVAL = "/sys/module/kfence/parameters/sample_interval"
KFENCE_STATS = "/sys/kernel/debug/kfence/stats"
KMALLOC_MAX = 4 << 20


def slab_classes() -> list[int]:
    """The sizes of kmalloc's caches, as each says itself."""
    names = [name for name in os.listdir(SLAB) if re.fullmatch(r"kmalloc-\d+k?", name)]
    return sorted(int(lab.read_text(f"{SLAB}/{name}/object_size")) for name in names)


def classes_are_those_of_slab() -> Iterator[str]:
    found = [row for row in lab.records("classes", "class") if row["served_by"] == "slab"]
    if [row["usable_bytes"] for row in found] != slab_classes():
        yield f"expected {slab_classes()}, got {[row['usable_bytes'] for row in found]}"


def classes_leave_no_size_out() -> Iterator[str]:
    rows = lab.records("classes", "class")
    if rows[0]["first_bytes"] != 1 or rows[-1]["last_bytes"] != KMALLOC_MAX:
        yield f"they reach from {rows[0]['first_bytes']} to {rows[-1]['last_bytes']}"
    for before, after in itertools.pairwise(rows):
        if before["last_bytes"] + 1 != after["first_bytes"]:
            yield f"after {before['last_bytes']} comes {after['first_bytes']}"
    for row in rows:
        if row["last_bytes"] != row["usable_bytes"]:
            yield f"the class of {row['usable_bytes']} ends at {row['last_bytes']}"


def large_classes_are_blocks() -> Iterator[str]:
    for row in lab.records("classes", "class"):
        usable = row["usable_bytes"]
        if row["served_by"] == "large" and (usable & (usable - 1) or usable < 4 * PAGE):
            yield f"{row}"


def worst_waste_is_the_worst() -> Iterator[str]:
    worst = lab.records("classes", "worst")[0]
    # One byte more than half of the largest block wastes all but half of it.
    if worst["size_bytes"] != KMALLOC_MAX // 2 + 1 or worst["usable_bytes"] != KMALLOC_MAX:
        yield f"{worst}"


def guarded_by_kfence() -> int:
    """How many objects it has guarded so far."""
    found = re.search(r"^total allocations: (\d+)", lab.read_text(KFENCE_STATS), re.MULTILINE)
    return int(found[1]) if found else 0


def classes_are_not_those_of_kfence() -> Iterator[str]:
    """Which makes an object as large as was asked for."""
    if not os.path.exists(KFENCE_INTERVAL):
        raise lab.SkipError("this kernel has no KFENCE")
    interval = lab.read_text(KFENCE_INTERVAL)
    # It guards some hundred objects a second: there have to be many of the run's.
    commands = {
        "classes to=2k count=1": "class",
        "classes to=2k count=200": "class",
        "sweep allocator=kmalloc from=193 to=193 repeat=20000": "series",
    }
    keys = ("usable_bytes", "first_bytes", "last_bytes", "usable_min_bytes", "waste_percent")
    guarded = 0
    for command, kind in commands.items():

        def room(command: str = command, kind: str = kind) -> list[list[int | None]]:
            return [[row.get(key) for key in keys] for row in lab.records(command, kind)]

        usual = room()
        lab.write_text(KFENCE_INTERVAL, "1")
        try:
            before = guarded_by_kfence()
            if (found := room()) != usual:
                yield f"{command}: {[row for row in found if row not in usual]}"
            guarded += guarded_by_kfence() - before
        finally:
            lab.write_text(KFENCE_INTERVAL, interval)
    print(f"# KFENCE guarded {guarded} objects", flush=True)
    if not guarded:
        yield f"KFENCE guarded nothing: {lab.read_text(KFENCE_STATS)}"


def limits_of_kmalloc_and_pages() -> Iterator[str]:
    for row in lab.records("limits allocator=kmalloc,pages", "limit"):
        if row["largest_bytes"] != KMALLOC_MAX or row["limited_by"] != "allocator":
            yield f"{row}"
        if row["refused_bytes"] != KMALLOC_MAX + PAGE:
            yield f"refused at {row['refused_bytes']}"


def limit_of_vmalloc_is_the_laboratorys() -> Iterator[str]:
    budget = int(lab.read("stats").split()[1])
    row = lab.records("limits allocator=vmalloc", "limit")[0]
    # Of a small machine, half of what is available is less.
    limits = {"budget": "max_live_bytes", "available": "half of the memory that is available"}
    if limits.get(row["limited_by"], "nothing of the laboratory's") not in row["reason"]:
        yield f"{row}"
    most = budget // PAGE * PAGE
    if row["largest_bytes"] > most or (
        row["limited_by"] == "budget" and row["largest_bytes"] != most
    ):
        yield f"the budget is {budget}: {row}"


def resizing_keeps_contents() -> Iterator[str]:
    rows = lab.records("resize", "resize")
    for allocator in ("kmalloc", "vmalloc", "kvmalloc"):
        own = [row for row in rows if row["allocator"] == allocator]
        up = [row for row in own if row["size_bytes"] > (row["old_bytes"] or 0)]
        down = [row for row in own if row not in up]
        grown = sum(row["outcome"] == "ok" for row in up)
        # From 64 to 4M are eight steps, unless one of them is refused; as many lead back.
        if not grown or len(up) != min(grown + 1, 8) or len(down) != grown:
            yield f"{allocator}: {grown} of {len(up)} steps up, {len(down)} back"
        if not any(row["outcome"] == "ok" for row in down):
            yield f"{allocator}: nothing shrank: {down}"
    if {row["allocator"] for row in rows} != {"kmalloc", "vmalloc", "kvmalloc"}:
        yield f"{len(rows)} rows, also of others"
    for row in rows:
        if row["outcome"] == "ok" and row["contents_kept"] is not True:
            yield f"{row}"
        if row["outcome"] == "ok" and row["usable_bytes"] < row["size_bytes"]:
            yield f"{row}"


def kmalloc_shrinks_in_place() -> Iterator[str]:
    for row in lab.records("resize allocator=kmalloc from=64 to=4M step=x4", "resize"):
        shrinks = row["size_bytes"] < row["old_bytes"]
        if row["outcome"] != "ok" or row["moved"] != (not shrinks):
            yield f"{row}"


def resizing_says_why_it_does_not_begin() -> Iterator[str]:
    (row,) = lab.records("resize allocator=kmalloc from=8M to=8M", "resize")
    if not row["outcome"].startswith("refused: ") or f"at most {KMALLOC_MAX}" not in row["outcome"]:
        yield f"{row}"


def resizing_comes_back_from_the_top() -> Iterator[str]:
    rows = lab.records("resize allocator=kmalloc from=1M to=16M step=x2", "resize")
    steps = [(row["old_bytes"] >> 20, row["size_bytes"] >> 20, row["outcome"]) for row in rows]
    refused = steps.pop(2)
    if steps != [(1, 2, "ok"), (2, 4, "ok"), (4, 2, "ok"), (2, 1, "ok")]:
        yield f"{steps}"
    if refused[:2] != (4, 8) or f"at most {KMALLOC_MAX}" not in refused[2]:
        yield f"{refused}"


def a_signal_ends_a_pass_over_an_array() -> Iterator[str]:
    """Of which there are four, two a step."""
    budget = int(lab.read("stats").split()[1])
    command = f"resize allocator=vmalloc from={budget // 10} to={budget // 8} step={budget // 40}"
    lab.records(command, "resize")
    whole_ns = lab.results()[-1]["elapsed_ns"]
    parts: list[float] = []
    # A busy machine may need a while, but not each time. A step would end after half of the time.
    while len(parts) < 5 and min(parts, default=1) > 0.4:
        outcome = lab.ask_with_alarm(command, whole_ns / 4e9)
        if outcome.error != "ECANCELED":
            yield f"{outcome}"
        parts.append(lab.results()[-1]["elapsed_ns"] / whole_ns)
    if min(parts) > 0.4:
        yield f"after {parts} of {whole_ns} ns"


def copies_are_equal_and_end() -> Iterator[str]:
    rows = lab.records("duplicate", "copy")
    functions = {row["function"] for row in rows}
    if functions != {"kstrdup", "kstrndup", "kmemdup_nul", "kmemdup", "kvmemdup"}:
        yield f"only {functions}"
    for row in rows:
        if row["outcome"] != "ok":
            continue
        if (
            not row["equal"]
            or row["terminated"] is False
            or row["usable_bytes"] < row["copy_bytes"]
        ):
            yield f"{row}"


def too_long_copies_are_refused() -> Iterator[str]:
    failed = [row for row in lab.records("duplicate", "copy") if row["outcome"] != "ok"]
    if [(row["function"], row["source_bytes"]) for row in failed] != [("kmemdup", KMALLOC_MAX + 1)]:
        yield f"{failed}"
    elif f"at most {KMALLOC_MAX}" not in failed[0]["outcome"]:
        yield failed[0]["outcome"]


def overflow_is_refused() -> Iterator[str]:
    rows = lab.records("overflow", "product")
    for row in rows:
        product = row["count"] * row["element_bytes"]
        if row["overflows"] != (product >= 1 << 64):
            yield f"overflows: {row}"
        if row["unchecked_bytes"] != product % (1 << 64):
            yield f"unchecked: {row}"
        if row["checked"] != ("allowed" if product <= KMALLOC_MAX else "refused"):
            yield f"checked: {row}"
    # What the unchecked multiplication hides: too little memory, and nobody said so.
    if not [row for row in rows if row["overflows"] and row["unchecked_usable_bytes"]]:
        yield "no overflowing product got memory"


def unwinding_is_in_reverse() -> Iterator[str]:
    rows = lab.records("unwind", "unwinding")
    if [row["built"] for row in rows] != [0, 1, 2, 3, 4]:
        yield f"{rows}"
    for row in rows:
        if row["freed"] != row["built"] or row["reverse_order"] is not True:
            yield f"{row}"


def a_cache_packs_tighter() -> Iterator[str]:
    rows = lab.records("cache count=1000", "packing")
    for size in {row["size_bytes"] for row in rows}:
        found = {row["from"]: row for row in rows if row["size_bytes"] == size}
        own, shared = found["cache"], found["kmalloc"]
        if not size <= own["usable_bytes"] <= min(size + 15, shared["usable_bytes"]):
            yield f"{size}: {own['usable_bytes']} of a cache, {shared['usable_bytes']} of kmalloc"
        if own["pages"] > shared["pages"]:
            yield f"{size}: {own['pages']} pages of a cache, {shared['pages']} of kmalloc"
        if {row["count"] for row in found.values()} != {1000}:
            yield f"{found}"


def a_cache_counts_what_it_frees() -> Iterator[str]:
    for count in (1, 2, 65):
        before = lab.books("kmalloc")
        rows = lab.records(f"cache count={count}", "packing")
        made = 15 * count
        after = lab.books("kmalloc")
        got = (after.allocations - before.allocations, after.frees - before.frees)
        if got != (made, made) or lab.results()[-1]["allocations"] != made:
            yield f"{count}: {got} in the books, {lab.results()[-1]}, expected {made}"
        for row in rows:
            # Of a bulk all but one are freed together.
            freed = count - 1 if row["from"] == "cache, bulk" else count
            if (row["free_ns_each"] is None) != (freed == 0):
                yield f"{row}"


lab.check(
    [
        ("classes are those of /sys/kernel/slab", classes_are_those_of_slab),
        ("classes leave no size out", classes_leave_no_size_out),
        ("large classes are blocks of pages", large_classes_are_blocks),
        ("the worst waste is the worst", worst_waste_is_the_worst),
        ("classes are the same where KFENCE guards objects", classes_are_not_those_of_kfence),
        ("kmalloc and pages end at the largest block", limits_of_kmalloc_and_pages),
        ("vmalloc ends at the laboratory's limit", limit_of_vmalloc_is_the_laboratorys),
        ("resizing keeps contents", resizing_keeps_contents),
        ("krealloc shrinks in place, and grows by moving", kmalloc_shrinks_in_place),
        ("resizing says why it does not begin", resizing_says_why_it_does_not_begin),
        ("resizing comes back from what is too large", resizing_comes_back_from_the_top),
        ("a signal ends a pass over an array", a_signal_ends_a_pass_over_an_array),
        ("copies are equal, and end", copies_are_equal_and_end),
        ("copies that are too long are refused", too_long_copies_are_refused),
        ("products that overflow are refused", overflow_is_refused),
        ("a structure unwinds in reverse", unwinding_is_in_reverse),
        ("a cache of its own packs tighter", a_cache_packs_tighter),
        ("a cache's objects are counted", a_cache_counts_what_it_frees),
    ]
)
