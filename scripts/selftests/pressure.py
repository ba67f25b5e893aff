# SPDX-License-Identifier: GPL-2.0
"""Runs where memory is short: in a memory cgroup at its limit, and with the OOM killer about."""

import contextlib
import ctypes
import json
import mmap
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from functools import partial

import lab

GROUP = lab.argument(1, "")
LIMIT_BYTES = 8 << 20
WANTED_BYTES = 4 * LIMIT_BYTES
# include/uapi/asm-generic/mman.h
MCL_CURRENT, MCL_FUTURE = 1, 2


def facts(path: str) -> dict[str, int]:
    """A file with a name and a number in each line."""
    lines = (line.split() for line in lab.read_text(path).splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if words[1].isdigit()}


class Writer:
    """Another process that writes a command, perhaps in the cgroup, and tells what came of it."""

    def __init__(self, name: str, command: str, group: str = "") -> None:
        self._ours, theirs = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                if group:
                    lab.write_text(f"{group}/cgroup.procs", str(os.getpid()))
                descriptor = os.open(lab.path_of(name), os.O_RDWR)
                error = lab.write(descriptor, command.encode())
                told = json.dumps([error, lab.read_rest(descriptor)])
                os.write(theirs, told.encode())
            finally:
                os._exit(0)
        os.close(theirs)

    def ended(self) -> lab.Outcome:
        """What it saw. That it was killed is an error of its own: KILLED."""
        told = lab.read_rest(self._ours)
        os.close(self._ours)
        _, status = os.waitpid(self.process, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return lab.Outcome("KILLED", "")
        return lab.Outcome(*json.loads(told)) if told else lab.Outcome("NOTHING", "")


def goes_on() -> Iterator[str]:
    outcome = lab.ask("probe size=100")
    if outcome.error != "OK" or "complete: 1 allocations" not in outcome.answer:
        yield f"the next run: {outcome}"
    yield from lab.ledger()


# --- In a memory cgroup at its limit ---


def over_the_limit(allocator: str, size: int, gfp: str) -> Iterator[str]:
    """What does not fit is not to be had, or the OOM killer comes for whoever asks."""
    before = facts(f"{GROUP}/memory.events")
    count = WANTED_BYTES // size
    command = f"probe allocator={allocator} size={size} count={count} gfp={gfp}+account"
    outcome = Writer("run", command, GROUP).ended()
    after = facts(f"{GROUP}/memory.events")
    if outcome.error == "OK":
        totals = [record for record in lab.results() if record["kind"] == "totals"]
        if not totals or totals[0]["allocated"] >= count or "no memory" not in totals[0]["outcome"]:
            yield f"{WANTED_BYTES} bytes in a cgroup of {LIMIT_BYTES}: {totals}"
    elif outcome.error in ("KILLED", "ECANCELED"):
        if after["oom_kill"] == before["oom_kill"]:
            yield f"{outcome}, and not by the OOM killer"
    else:
        yield f"{outcome}"
    # What may not sleep fails before the event is counted (try_charge_memcg(), mm/memcontrol.c).
    if after["max"] == before["max"] and gfp != "nowait":
        yield f"the limit was not met: {after}"
    killed = after["oom_kill"] - before["oom_kill"]
    print(f"# {allocator} {gfp}: {outcome.error}, killed {killed}", flush=True)
    yield from goes_on()


def may_not_be_held(allocator: str) -> Iterator[str]:
    """All that was asked for is held, or nothing."""
    count = WANTED_BYTES // 65536
    command = f"alloc name=over allocator={allocator} size=64k count={count} gfp=kernel+account"
    outcome = Writer("held", command, GROUP).ended()
    if outcome.error not in ("ENOMEM", "KILLED", "ECANCELED"):
        yield f"{outcome}"
    if (table := lab.read("held").split("\n\n", maxsplit=1)[0]).count("\n"):
        yield f"held: {table}"
    yield from goes_on()


def nothing_stays_charged() -> Iterator[str]:
    """When all members have gone, so have their pages."""

    def charged_bytes() -> int:
        return facts(f"{GROUP}/memory.stat")["kernel"]

    if not lab.until(lambda: charged_bytes() < LIMIT_BYTES // 4, pause=0.1):
        yield f"{charged_bytes()} bytes of the kernel's are still charged"


# --- With the OOM killer about ---


class Hog:
    """A process that takes all memory there is, and goes on until it is killed."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.process = os.fork()
        if self.process == 0:
            # Before the tests, but not before a run, which asks to be taken first.
            lab.write_text("/proc/self/oom_score_adj", "1000")
            # Else all wait for their programs to be read again and again, the hog too, and as
            # that frees pages the OOM killer is not called.
            if ctypes.CDLL(None).mlockall(MCL_CURRENT | MCL_FUTURE):
                os._exit(1)
            signal.alarm(lab.HANG_SECONDS)
            parts = []
            while True:
                parts.append(mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))

    def is_over(self) -> bool:
        """Whether it has ended, and its memory is free."""
        process, status = os.waitpid(self.process, os.WNOHANG)
        if process != 0:
            self.status = status
        return process != 0

    def is_killed(self) -> bool:
        """Whether that was the OOM killer's doing."""
        return self.status == signal.SIGKILL

    def close(self) -> None:
        """Ends it, if nobody else has."""
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            _, self.status = os.waitpid(self.process, 0)


@contextlib.contextmanager
def stand_ins(number: int) -> Iterator[None]:
    """Processes that do nothing, and are killed in the place of the tests.

    Between the moment when a victim no longer counts as one and that when its pages are free
    (exit_mmap(), mm/mmap.c), the OOM killer may look for another.
    """
    processes = []
    for _ in range(number):
        process = os.fork()
        if process == 0:
            # Else whoever reads what the tests say would wait for these too.
            os.close(1)
            lab.write_text("/proc/self/oom_score_adj", "500")
            while True:
                signal.pause()
        processes.append(process)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def runs_while_memory_ends() -> Iterator[str]:
    """Runs that hold as much as they may give way or are killed, and nothing stays behind."""
    kills = facts("/proc/vmstat")["oom_kill"]
    seen: Counter[str] = Counter()
    with contextlib.closing(Hog()) as hog:
        while not hog.is_over():
            outcome = Writer("run", "probe allocator=pages order=0 count=65536").ended()
            seen[outcome.error] += 1
            # Where nothing is available even the first page is too much: EDQUOT.
            if outcome.error not in ("OK", "ENOMEM", "EDQUOT", "KILLED", "ECANCELED"):
                yield f"{outcome}"
    kills = facts("/proc/vmstat")["oom_kill"] - kills
    print(f"# the OOM killer came {kills} times; runs meanwhile: {dict(seen)}", flush=True)
    if not kills or not hog.is_killed():
        yield f"the OOM killer did not come for the hog, which ended with status {hog.status}"
    yield from goes_on()


def every_scenario_under_pressure() -> Iterator[str]:
    """With hardly any memory free each scenario ends, completely or with a reason."""
    available_kib = facts("/proc/meminfo")["MemAvailable"]
    if available_kib > 200 << 10:
        raise lab.SkipError(f"{available_kib} KiB are available")
    for name in lab.scenario_names():
        outcome = lab.ask(name)
        last = (outcome.answer.splitlines() or [""])[-1]
        if not re.match(r"complete: .*, 0 outstanding, |stopped: .*, 0 outstanding, ", last):
            yield f"{name}: {outcome.error}, {last!r}"
        if outcome.error not in ("OK", "ENOMEM", "EDQUOT", "ETIMEDOUT"):
            yield f"{name}: {outcome.error}, {last!r}"
    yield from goes_on()


IN_GROUP: list[tuple[str, lab.Case]] = [
    (
        f"over a cgroup's limit: {allocator}, {gfp}",
        partial(over_the_limit, allocator, size, gfp),
    )
    for allocator, size in (("kmalloc", 1000), ("vmalloc", 65536), ("pages", 16384))
    for gfp in ("kernel", "kernel+noretry", "nowait")
]
IN_GROUP += [
    (f"held over a cgroup's limit: {allocator}", partial(may_not_be_held, allocator))
    for allocator in ("kvmalloc", "pages")
]
IN_GROUP += [("nothing stays charged", nothing_stays_charged)]
if lab.argument(2, "") == "--count":
    print(len(IN_GROUP))
elif GROUP == "oom":
    with stand_ins(8):
        lab.check(
            [
                ("runs give way or are killed where memory ends", runs_while_memory_ends),
                ("every scenario ends where memory is short", every_scenario_under_pressure),
            ]
        )
else:
    lab.check(IN_GROUP)
