# SPDX-License-Identifier: GPL-2.0
"""Holding memory, against what vmallocinfo and slabinfo show; and progress."""

import os
import signal
import time
from collections.abc import Iterator

import lab

PAGE = os.sysconf("SC_PAGESIZE")


def command(text: str) -> lab.Outcome:
    """Writes a command to `held`, and reads the answer from the same open file."""
    descriptor = os.open(lab.path_of("held"), os.O_RDWR)
    try:
        error = lab.write(descriptor, text.encode())
        return lab.Outcome(error, lab.read_rest(descriptor))
    finally:
        os.close(descriptor)


def rows() -> dict[str, list[str]]:
    """What is held: the fields of each row, by name."""
    lines = lab.read("held").split("\n\n")[0].splitlines()[1:]
    return {line.split()[0]: line.split()[1:] for line in lines}


def must(text: str) -> None:
    """Carries out a command that has to succeed."""
    outcome = command(text)
    if outcome.error != "OK":
        raise AssertionError(f"{text}: {outcome.error}: {outcome.answer.strip()}")


def stats_held() -> int:
    """How many held allocations the books know."""
    return sum(int(line.split()[7]) for line in lab.read("stats").splitlines()[2:])


def areas(size: int) -> list[str]:
    """The areas of this size; freed ones stay listed until their addresses are flushed."""
    lines = lab.read_text("/proc/vmallocinfo").splitlines()
    return [line for line in lines if f" {size} " in line and "unpurged" not in line]


def vmallocinfo_shows_it() -> Iterator[str]:
    size = 12_345_678
    area = -(-size // PAGE) * PAGE + PAGE
    if areas(area):
        raise lab.SkipError("an area of this size is there already")
    must(f"alloc name=area allocator=vmalloc size={size}")
    shown = areas(area)
    if len(shown) != 1 or f"pages={area // PAGE - 1}" not in shown[0]:
        yield f"while it is held: {shown}"
    must("free name=area")
    if areas(area):
        yield "it is still there after it was freed"


def slabinfo_shows_it() -> Iterator[str]:
    def active() -> int:
        for line in lab.read_text("/proc/slabinfo").splitlines():
            if line.startswith("kmalloc-8k "):
                return int(line.split()[1])
        raise lab.SkipError("there is no kmalloc-8k in /proc/slabinfo")

    before = active()
    must("alloc name=objects size=8000 count=2000")
    during = active()
    must("free name=objects")
    if during - before < 1900:
        yield f"{before} objects before, {during} while 2000 were held"


def the_table_tells() -> Iterator[str]:
    must("alloc name=block allocator=pages order=3 count=2")
    row = rows().get("block")
    if row is None or row[:5] != ["pages", "pages", "32K", "2", "64K"]:
        yield f"{row}"
    if stats_held() != 2:
        yield f"stats count {stats_held()}"
    must("free name=block")
    if rows() or stats_held():
        yield f"left: {rows()}"


def a_name_is_held_once() -> Iterator[str]:
    must("alloc name=once")
    outcome = command("alloc name=once size=1M")
    if outcome.error != "EEXIST" or "name=once: is held already" not in outcome.answer:
        yield f"{outcome}"
    must("free all")
    outcome = command("free name=once")
    if outcome.error != "ENOENT" or "name=once: is not held" not in outcome.answer:
        yield f"{outcome}"


def bad_commands_change_nothing() -> Iterator[str]:
    must("alloc name=stays size=1000")
    before = lab.read("stats")
    for text, error, reason in (
        ("alloc", "EINVAL", "name is missing"),
        ("alloc name=", "EINVAL", "name=: give 1 to 24"),
        ("alloc name=a/b", "EINVAL", "name=a/b: give"),
        ("alloc name=" + "x" * 25, "EINVAL", "give 1 to 24"),
        ("alloc name=a allocator=all", "EINVAL", "kvmalloc,pages: give one of them"),
        (" ", "EINVAL", "empty command; open the file and read it"),
        ("alloc name=a size=8M", "ERANGE", "at most 4194304"),
        ("alloc name=a allocator=vmalloc size=900G", "ERANGE", "at most"),
        ("alloc name=a size=4M count=65536", "EDQUOT", "max_live_bytes"),
        ("alloc name=a repeat=2", "EINVAL", "unknown key 'repeat'"),
        ("free", "EINVAL", "name is missing"),
        ("free all all", "EINVAL", "'all' is not key=value"),
        ("free name=a size=1", "EINVAL", "unknown key 'size'"),
        ("drop name=a", "EINVAL", "unknown word 'drop'"),
    ):
        outcome = command(text)
        if outcome.error != error or reason not in outcome.answer:
            yield f"{text}: expected {error} and '{reason}', got {outcome}"
    after = lab.read("stats")
    must("free all")
    held = [line.split()[:5] for line in before.splitlines()]
    # What a count of many got before the budget ended it was allocated, and freed again.
    kept = [line.split()[:1] + line.split()[3:5] for line in after.splitlines()[2:]]
    if kept != [fields[:1] + fields[3:5] for fields in held[2:]]:
        yield f"expected {before}, got {after}"


def names_come_to_an_end() -> Iterator[str]:
    for number in range(256):
        must(f"alloc name=n{number} size=8")
    outcome = command("alloc name=more size=8")
    if outcome.error != "ENOSPC" or "256 names are held" not in outcome.answer:
        yield f"{outcome}"
    if stats_held() != 256:
        yield f"stats count {stats_held()}"
    must("free name=n7")
    must("alloc name=more size=8")
    must("free all")


def holding_does_not_wait_for_a_run() -> Iterator[str]:
    child = os.fork()
    if child == 0:
        lab.ask("probe repeat=1000000000")
        os._exit(0)
    try:
        lab.wait_for_a_run()
        must("alloc name=meanwhile allocator=kvmalloc size=1M")
        must("free name=meanwhile")
        # Had it waited, that would be over.
        if not lab.is_under_way():
            yield "the run was over when it was done"
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def a_run_does_not_count_what_is_held() -> Iterator[str]:
    must("alloc name=beside size=64 count=100")
    end = lab.records("probe", "end")[0]
    if end["outstanding"] != 0 or end["status"] != "complete":
        yield f"{end}"
    must("free all")


def progress_moves() -> Iterator[str]:
    def facts() -> dict[str, str]:
        return dict(line.split(" ", 1) for line in lab.read("progress").splitlines() if " " in line)

    child = os.fork()
    if child == 0:
        lab.ask("probe repeat=1000000000")
        os._exit(0)
    try:
        lab.wait_for_a_run()
        first = facts()
        time.sleep(1)
        second = facts()
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    if first.get("scenario") != "probe" or first.get("total") != "1000000000":
        yield f"{first}"
    elif not 0 < int(first["done"]) < int(second["done"]):
        yield f"{first['done']} done, and then {second['done']}"
    if lab.read("progress") != "idle\n":
        yield f"after the run: {lab.read('progress')}"


lab.check(
    [
        ("/proc/vmallocinfo shows what is held", vmallocinfo_shows_it),
        ("/proc/slabinfo shows what is held", slabinfo_shows_it),
        ("the table tells what is held", the_table_tells),
        ("a name is held once", a_name_is_held_once),
        ("bad commands change nothing", bad_commands_change_nothing),
        ("holding does not wait for a run", holding_does_not_wait_for_a_run),
        ("no more names are held than can be", names_come_to_an_end),
        ("a run does not count what is held", a_run_does_not_count_what_is_held),
        ("progress moves, and ends", progress_moves),
    ]
)
