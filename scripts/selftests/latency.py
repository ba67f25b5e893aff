# SPDX-License-Identifier: GPL-2.0
"""The answers of latency and scale: that they add up, and that nothing stays behind."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import lab

ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages")
PATTERNS = ("pair", "batch", "all", "remote", "steady")
QUANTILES = {"p50_ns": 500, "p90_ns": 900, "p99_ns": 990, "p999_ns": 999}
FEW = "operations=300 warmup=20 count=50"


def allocations_of(allocator: str) -> int:
    """How many the books have, with as many frees."""
    books = lab.books(allocator)
    if books.allocations != books.frees:
        raise AssertionError(f"{books.allocations} allocations, {books.frees} frees")
    return books.allocations


def made(pattern: str) -> int:
    """How many allocations a run of FEW makes: those that count, those before, whole batches."""
    return {
        "pair": 300 + 20,
        "batch": 300 + 20,
        "all": 300 + 20,
        # On two CPUs.
        "remote": 2 * (300 + 20),
        # And what is held all the time.
        "steady": 300 + 20 + 50,
    }[pattern]


def pattern_makes_what_was_asked(pattern: str) -> Iterator[str]:
    if pattern == "remote" and lab.cpus() < 2:
        raise lab.SkipError("this machine has one CPU")
    for allocator in ALLOCATORS:
        before = allocations_of(allocator)
        command = f"latency pattern={pattern} allocator={allocator} free_order=shuffled {FEW}"
        rows = lab.records(command, "latency")
        got = allocations_of(allocator) - before
        if got != made(pattern):
            yield f"{allocator}: {got} allocations in the books, expected {made(pattern)}"
        workers = 2 if pattern == "remote" else 1
        for row in rows:
            if row["operations"] != 300 * workers or row["outcome"] != "ok":
                yield f"{row}"
        if [row["operation"] for row in rows] != ["allocate", "free"]:
            yield f"{rows}"


def quantile(values: list[int], counts: list[int], per_mille: int) -> int:
    """By the definition, over all durations one by one."""
    every = [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
    return every[max(1, -(-len(every) * per_mille // 1000)) - 1]


def figures_follow_from_distributions() -> Iterator[str]:
    rows = lab.records("latency via=all operations=2000", "latency")
    distributions = [one for one in lab.results() if one["kind"] == "distribution"]
    keys = ("allocator", "via", "operation", "size_bytes")
    for row in rows:
        (of_row,) = (one for one in distributions if all(one[key] == row[key] for key in keys))
        values, counts = of_row["values_ns"], of_row["counts"]
        if sum(counts) != row["operations"] or 0 in counts or sorted(set(values)) != values:
            yield f"{of_row}"
        expected = {name: quantile(values, counts, part) for name, part in QUANTILES.items()}
        expected |= {"min_ns": values[0], "max_ns": values[-1]}
        for name, value in expected.items():
            if row[name] != value:
                yield f"{name} is {row[name]}, its distribution says {value}: {row}"
        sums = sum(value * count for value, count in zip(values, counts, strict=True))
        if abs(row["mean_ns"] - sums / row["operations"]) > 1:
            yield f"mean_ns is {row['mean_ns']}, its distribution says {sums / row['operations']}"


def sizes_have_a_series_each() -> Iterator[str]:
    rows = lab.records(
        f"latency allocator=pages sizes=sweep from=2M to=8M via=all {FEW}", "latency"
    )
    seen = [(row["size_bytes"] >> 20, row["via"], row["operation"]) for row in rows]
    expected = [
        (size, via, operation)
        for size in (2, 4, 8)
        for via in ("library", "c")
        for operation in ("allocate", "free")
    ]
    if seen != expected:
        yield f"{seen}"
    for row in rows:
        refused = row["outcome"].startswith("refused: ")
        if refused != (row["size_bytes"] > 4 << 20) or refused != (row["p50_ns"] is None):
            yield f"{row}"


def random_sizes_are_asked_for() -> Iterator[str]:
    for sizes in ("uniform from=1 to=64k", "powers from=100 to=64k", "100:5,9k:1"):
        for row in lab.records(f"latency sizes={sizes} pattern=steady {FEW}", "latency"):
            if row["operations"] != 300 or row["outcome"] != "ok":
                yield f"{sizes}: {row}"


def larger_sizes_take_longer() -> Iterator[str]:
    """A list of sizes is not one size under another name."""
    medians = [
        lab.records(f"latency allocator=kmalloc zero=yes sizes={sizes} {FEW}", "latency")[0][
            "p50_ns"
        ]
        for sizes in ("64:1", "64:1,1M:99")
    ]
    if medians[1] < 2 * medians[0]:
        yield f"median of 64 bytes: {medians[0]} ns; mostly 1 MiB: {medians[1]} ns"


def preset_runs(preset: str) -> Iterator[str]:
    fewer = "operations=100 warmup=10"
    if "background" not in preset:
        fewer += " count=20"
    outcome = lab.ask(f"latency preset={preset} {fewer} background=50+gaps")
    if outcome.error != "OK" or f"preset {preset}: " not in outcome.answer:
        yield f"{outcome}"
    for row in lab.results():
        if row["kind"] != "latency" or row["outcome"] == "ok":
            continue
        if "needs 2 CPUs" not in row["outcome"] or lab.cpus() > 1:
            yield f"{row}"


def presets() -> list[str]:
    """All that the module names."""
    line = next(line for line in lab.read("scenarios").splitlines() if " preset=none " in line)
    names = line.split("none, ", 1)[1].replace(" or ", ", ")
    return names.split(", ")


def threads() -> list[str]:
    """The module's kernel threads."""
    found = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            name = comm.read_text().strip()
        except OSError:
            continue
        if name.startswith("memalloc/"):
            found.append(name)
    return found


def scale_has_each_number_of_cpus() -> Iterator[str]:
    cpus = lab.cpus()
    rows = lab.records(f"scale via=all {FEW}", "scale")
    for allocator in ALLOCATORS:
        for via in ("library", "c"):
            mine = [row for row in rows if (row["allocator"], row["via"]) == (allocator, via)]
            totals = [row for row in mine if row["cpu"] is None]
            if [row["cpus"] for row in totals] != list(range(1, cpus + 1)):
                yield f"{allocator}: {totals}"
            for total in totals:
                shares = [
                    row for row in mine if row["cpus"] == total["cpus"] and row["cpu"] is not None
                ]
                if total["operations"] != 300 * total["cpus"] or total["outcome"] != "ok":
                    yield f"{total}"
                if total["cpus"] > 1 and len({row["cpu"] for row in shares}) != total["cpus"]:
                    yield f"{shares}"
                yield from fairness_is_jains(total, shares)
    if found := threads():
        yield f"threads are left: {found}"


def fairness_is_jains(total: lab.Record, shares: list[lab.Record]) -> Iterator[str]:
    rates = [row["operations"] / row["elapsed_ns"] for row in shares] or [1.0]
    if total["pattern"] == "remote":
        if total["fairness_percent"] is not None:
            yield f"{total}"
        return
    index = 100 * sum(rates) ** 2 / (len(rates) * sum(rate**2 for rate in rates))
    if abs(total["fairness_percent"] - index) > 0.11:
        yield f"fairness is {index}: {total}"
    if shares and total["elapsed_ns"] != max(row["elapsed_ns"] for row in shares):
        yield f"{total}"


def scale_has_each_size() -> Iterator[str]:
    rows = lab.records(f"scale allocator=kmalloc sizes=sweep from=64 to=1k step=x4 {FEW}", "scale")
    sizes = {row["size_bytes"] for row in rows}
    if sizes != {64, 256, 1024}:
        yield f"{sizes}"
    odd = "operations=130 warmup=7 count=50"
    for pattern in ("batch", "remote", "steady"):
        for row in lab.records(f"scale allocator=pages pattern={pattern} {odd}", "scale"):
            expected = 130 * (row["cpus"] if row["cpu"] is None else 1)
            if row["operations"] != expected and "needs 2 CPUs" not in row["outcome"]:
                yield f"{row}"


def a_list_names_its_largest() -> Iterator[str]:
    for row in lab.records(f"latency allocator=kmalloc sizes=100:5,9k:1 {FEW}", "latency"):
        if row["size_bytes"] != 9 << 10 or row["sizes"] != "given":
            yield f"{row}"


def powers_name_their_largest() -> Iterator[str]:
    """Not the end of the range, which may be more than there is to be had."""
    for scenario in ("latency", "scale"):
        for end, largest in (("3M", 2 << 20), ("5M", 4 << 20)):
            sizes = f"sizes=powers from=64 to={end} operations=300 warmup=20 count=2"
            for row in lab.records(f"{scenario} allocator=kmalloc {sizes}", scenario):
                if row["size_bytes"] != largest or row["outcome"] != "ok":
                    yield f"to={end}: {row}"


def limited_cpus() -> Iterator[str]:
    for command in ("scale cpus=1", "scale cpus=1 pattern=remote"):
        rows = lab.records(f"{command} allocator=kmalloc {FEW}", "scale")
        if [row["cpus"] for row in rows] != [1]:
            yield f"{command}: {rows}"
        if ("remote" in command) != ("needs 2 CPUs" in rows[0]["outcome"]):
            yield f"{command}: {rows}"


def started(command: str) -> subprocess.Popen[bytes]:
    """Another process that writes a command."""
    return subprocess.Popen(
        [
            sys.executable,
            "-S",
            "-c",
            f"import os; os.write(os.open({lab.path_of('run')!r}, 2), {command.encode()!r})",
        ],
        stderr=subprocess.PIPE,
    )


def what_was_measured_is_kept() -> Iterator[str]:
    """A signal ends a series; its rows tell of what was done until then."""
    rows: list[lab.Record] = []
    # Before the first allocation that counts there is nothing to keep.
    for seconds in (1, 4, 16, 60):
        writer = started("latency allocator=kmalloc operations=1000000000")
        lab.until(lab.is_under_way, pause=0.05)
        time.sleep(seconds)
        writer.send_signal(signal.SIGTERM)
        writer.wait(timeout=lab.HANG_SECONDS)
        rows = [row for row in lab.results() if row["kind"] == "latency"]
        if rows:
            break
    if [row["operation"] for row in rows] != ["allocate", "free"]:
        yield f"{rows}"
    for row in rows:
        if not 0 < row["operations"] < 1_000_000_000 or row["p50_ns"] is None:
            yield f"{row}"
        if not re.fullmatch(r"after \d+: cancelled by a signal", row["outcome"]):
            yield row["outcome"]
    if (status := lab.results()[-1]["status"]) != "cancelled":
        yield status
    yield from lab.ledger()


def signal_ends(command: str) -> Iterator[str]:
    """A run that would take minutes ends at once, its threads with it."""
    writer = started(command)
    deadline = time.monotonic() + lab.HANG_SECONDS
    while not lab.is_under_way() and time.monotonic() < deadline:
        time.sleep(0.05)
    if command.startswith("scale"):
        while not threads() and time.monotonic() < deadline:
            time.sleep(0.05)
        if not threads():
            yield "there was no thread"
    writer.send_signal(signal.SIGTERM)
    writer.wait(timeout=lab.HANG_SECONDS)
    if writer.returncode != -signal.SIGTERM:
        yield f"the writer ended with {writer.returncode}"
    last = lab.results()[-1]
    if last["status"] != "cancelled":
        yield f"{last}"
    if found := threads():
        yield f"threads are left: {found}"
    yield from lab.ledger()


def a_look_is_never_far() -> Iterator[str]:
    """However large an allocation is: a signal is seen after some of them, and not after 64."""
    command = "latency allocator=vmalloc size=32M warmup=0"
    pair_s = sum(row["p50_ns"] for row in lab.records(f"{command} operations=4", "latency")) / 1e9
    pairs: list[float] = []
    # A busy machine may need a while, but not each time.
    while len(pairs) < 3 and min(pairs, default=64) > 20:
        started = time.monotonic()
        outcome = lab.ask_with_alarm(f"{command} operations=1000", 2 * pair_s)
        if outcome.error != "ECANCELED":
            yield f"{outcome}"
        pairs.append((time.monotonic() - started) / pair_s)
    if min(pairs) > 20:
        yield f"after {pairs} pairs of {pair_s:.3f} s"


def migrations_are_counted() -> Iterator[str]:
    if lab.cpus() < 2:
        raise lab.SkipError("this machine has one CPU")
    task = threading.get_native_id()
    os.sched_setaffinity(task, {0})
    try:
        (quiet, _) = lab.records("latency allocator=kmalloc", "latency")
        if quiet["migrations"] != 0:
            yield f"pinned: {quiet}"
        done = threading.Event()

        def push_about() -> None:
            while not done.is_set():
                for cpu in (1, 0):
                    os.sched_setaffinity(task, {cpu})
                    time.sleep(0.01)

        pusher = threading.Thread(target=push_about)
        pusher.start()
        try:
            (moved, _) = lab.records(
                f"latency allocator=kmalloc operations={lab.many(200_000, 'operations')}", "latency"
            )
        finally:
            done.set()
            pusher.join()
        if moved["migrations"] == 0:
            yield f"pushed about: {moved}"
    finally:
        os.sched_setaffinity(task, range(lab.cpus()))


def interrupts_are_counted() -> Iterator[str]:
    command = f"latency allocator=vmalloc operations={lab.many(20_000, 'operations')}"
    (row, _) = lab.records(command, "latency")
    # It takes many timer ticks.
    if row["interrupts"] == 0:
        yield f"{row}"


CASES: list[tuple[str, lab.Case]] = [
    *(
        (
            f"pattern={pattern} makes what was asked",
            lambda p=pattern: pattern_makes_what_was_asked(p),
        )
        for pattern in PATTERNS
    ),
    ("figures follow from the distributions", figures_follow_from_distributions),
    ("each size has a series, and one that is too large is refused", sizes_have_a_series_each),
    ("random sizes are asked for", random_sizes_are_asked_for),
    ("a list of sizes is asked for by its weights", larger_sizes_take_longer),
    *((f"preset {preset} runs", lambda p=preset: preset_runs(p)) for preset in presets()),
    ("scale has each number of CPUs, and adds up", scale_has_each_number_of_cpus),
    ("scale has each size, and exactly as many operations", scale_has_each_size),
    ("a list of sizes goes by its largest", a_list_names_its_largest),
    ("powers of two go by their largest", powers_name_their_largest),
    ("cpus= is the most", limited_cpus),
    ("what was measured before a signal is kept", what_was_measured_is_kept),
    ("a signal ends latency", lambda: signal_ends("latency operations=1000000000")),
    ("a signal ends scale", lambda: signal_ends("scale operations=1000000000")),
    (
        "a signal ends scale pattern=remote",
        lambda: signal_ends("scale pattern=remote cpus=2 operations=1000000000"),
    ),
    ("a signal ends latency between large allocations", a_look_is_never_far),
    ("migrations are counted", migrations_are_counted),
    ("interrupts are counted", interrupts_are_counted),
]

if __name__ == "__main__":
    if sys.argv[1:] == ["plan"]:
        print(len(CASES))
    else:
        lab.check(CASES)
