# SPDX-License-Identifier: GPL-2.0
"""Signals, stops and removals of the module at random moments."""

import itertools
import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import lab
from caller import Caller

# One seed for all: what fails once is done again by the same numbers.
choice = random.Random(int(lab.argument(2, "1")))
COMPLETE = re.compile(r"complete: \d+ allocations, 0 outstanding, \d+ ms\n")
CUT_SHORT = re.compile(
    r"stopped: cancelled by a signal.*; after \d+ allocations, 0 outstanding, \d+ ms\n"
)


class Ended(NamedTuple):
    """What a writer saw."""

    error: str
    answer: str


# --- Signals ---

# Short and long ones, with few and with many allocations held, and one that waits for a lock.
COMMANDS = (
    "probe size=100 count=100",
    "probe allocator=vmalloc size=300k repeat=5",
    "probe allocator=kvmalloc size=3M",
    "probe allocator=pages order=0 count=500",
    "sweep to=4k",
    "unwind",
    "resize to=64k",
)


class Writer:
    """Another process that opens `run`, writes a command and reads the answer."""

    def __init__(self, command: str) -> None:
        ours, theirs = os.pipe()
        # The child has it from its first moment on.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        self.process = os.fork()
        if self.process == 0:
            try:
                outcome = lab.ask(command)
                os.write(theirs, json.dumps(outcome).encode())
            finally:
                os._exit(0)
        signal.signal(signal.SIGTERM, before)
        os.close(theirs)
        self._ours = ours

    def ended(self) -> Ended | None:
        """What it saw; none if it was killed before it could tell."""
        told = lab.read_rest(self._ours)
        os.close(self._ours)
        os.waitpid(self.process, 0)
        return Ended(*json.loads(told)) if told else None


def duration(command: str) -> float:
    """How long a command takes in a process of its own."""
    started = time.monotonic()
    Writer(command).ended()
    return time.monotonic() - started


def signals_at_any_moment(number: signal.Signals) -> Iterator[str]:
    """Whatever a signal meets, there is an answer, and nothing is left."""
    moments = lab.scaled(1000, 40, f"moments for {number.name}")
    lasts = {command: duration(command) for command in COMMANDS}
    seen: Counter[str] = Counter()
    progress = lab.Progress(number.name, moments)
    for moment in range(moments):
        command = choice.choice(COMMANDS)
        before = lab.last_run()
        writer = Writer(command)
        # From before the file is opened until after the answer was read.
        time.sleep(choice.uniform(0, lasts[command]))
        os.kill(writer.process, number)
        if number == signal.SIGSTOP:
            yield from others_go_on(f"moment {moment}: {command}", before)
            os.kill(writer.process, signal.SIGCONT)
        ended = writer.ended()
        seen[verdict_of(ended)] += 1
        for problem in after_a_signal(number, ended):
            yield f"moment {moment}: {command}: {problem}"
        progress.step()
    print(f"# {number.name}: {dict(seen)}", flush=True)
    if not seen["cut short"] and not (number == signal.SIGKILL and seen["killed"]):
        yield f"no run was met: {dict(seen)}"
    yield from lab.ledger()


def verdict_of(ended: Ended | None) -> str:
    """One word for what a writer saw."""
    if ended is None:
        return "killed"
    return {"OK": "complete", "ECANCELED": "cut short"}.get(ended.error, ended.error)


def after_a_signal(number: signal.Signals, ended: Ended | None) -> Iterator[str]:
    last = (ended.answer.splitlines(keepends=True) or [""])[-1] if ended else ""
    if ended is None:
        if number != signal.SIGKILL:
            yield "the writer did not tell what it saw"
    elif ended.error == "OK":
        if not COMPLETE.fullmatch(last):
            yield f"OK, and the answer ends with {last!r}"
    elif ended.error != "ECANCELED":
        yield f"{ended}"
    elif not CUT_SHORT.fullmatch(last) and not last.startswith("refused: a signal came"):
        yield f"ECANCELED, and the answer ends with {last!r}"
    yield from lab.ledger()


def others_go_on(where: str, before: int) -> Iterator[str]:
    """A writer that is stopped, with the file open, is in nobody's way."""
    outcome = lab.ask("probe size=77")
    if outcome.error != "OK" or "requested bytes         77\n" not in outcome.answer:
        yield f"{where}: while it is stopped, another gets {outcome}"
    # Its own run, if it had one, and the other's.
    if not before < lab.last_run() <= before + 2:
        yield f"{where}: run {lab.last_run()} after {before}"


def a_stopped_writer_keeps_its_answer() -> Iterator[str]:
    """Between the write and the read it may stand still for as long as it likes."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            descriptor = os.open(lab.path_of("run"), os.O_RDWR)
            lab.write(descriptor, b"probe size=4321")
            os.write(theirs, b"x")
            os.kill(os.getpid(), signal.SIGSTOP)
            os.write(theirs, lab.read_rest(descriptor).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    os.read(ours, 1)
    os.waitpid(process, os.WUNTRACED)
    for size in (1, 22, 333):
        lab.ask(f"probe size={size}")
    os.kill(process, signal.SIGCONT)
    answer = lab.read_rest(ours)
    os.close(ours)
    os.waitpid(process, 0)
    if "requested bytes         4321\n" not in answer:
        yield f"another's answer: {answer!r}"


# --- Removal ---


def use_everything(seed: int) -> None:
    """Opens whatever is there, writes, reads, holds, and never ends."""
    mine = random.Random(seed)
    commands = (
        ("run", "probe size=100"),
        ("run", "sweep to=4k"),
        ("run", "nonsense"),
        ("held", f"alloc name=user{seed} size=64k allocator=kvmalloc"),
        ("held", f"free name=user{seed}"),
    )
    while True:
        name, command = mine.choice(commands)
        try:
            descriptor = os.open(lab.path_of(name), os.O_RDWR)
        except OSError:
            # It is not there just now.
            time.sleep(0.001)
            continue
        started = time.monotonic()
        lab.write(descriptor, command.encode())
        time.sleep(mine.uniform(0, 0.002))
        lab.read_rest(descriptor)
        os.close(descriptor)
        # However slow the machine is, there are times when nobody uses the module.
        time.sleep(mine.uniform(0, 4 * (time.monotonic() - started)))


def removal_at_any_moment() -> Iterator[str]:
    """The module goes only when nobody has a file open, and takes all that is held along."""
    moments = lab.scaled(1000, 40, "moments for rmmod")
    caller = Caller()
    # The kernel's own race, which unload.sh tells of.
    lab.expects("moments", "debugfs file owner did not clean up at exit")
    users = []
    for seed in range(2):
        user = os.fork()
        if user == 0:
            try:
                use_everything(seed)
            finally:
                os._exit(1)
        users.append(user)
    seen: Counter[str] = Counter()
    progress = lab.Progress("rmmod", moments)
    end = time.monotonic() + lab.HANG_SECONDS
    try:
        for moment in itertools.count():
            both = seen["OK"] and seen["EAGAIN"]
            if moment >= moments and (both or time.monotonic() > end):
                break
            time.sleep(choice.uniform(0, 0.02))
            removed = caller.call("unload", "rust_memalloc")
            seen[removed.error] += 1
            if removed.error == "OK":
                if os.path.exists(lab.LAB) or os.path.exists("/sys/module/rust_memalloc"):
                    yield f"moment {moment}: it was removed, and something of it is there"
                loaded = caller.call("load", lab.MODULE, lab.module_parameters())
                if loaded.error != "OK":
                    yield f"moment {moment}: it cannot be inserted again: {loaded.error}"
                    return
            elif removed.error != "EAGAIN":
                yield f"moment {moment}: {removed.error}"
            progress.step()
    finally:
        for user in users:
            os.kill(user, signal.SIGKILL)
            _, status = os.waitpid(user, 0)
            if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                yield f"a user ended by itself with {os.waitstatus_to_exitcode(status)}"
        # Not before those are gone, who have its pipes open too.
        caller.end()
        lab.expects("moments", None)
    print(f"# rmmod: removed {seen['OK']} times, in use {seen['EAGAIN']} times", flush=True)
    if not seen["OK"] or not seen["EAGAIN"]:
        yield f"it was not met in both states: {dict(seen)}"
    lab.hold("free all")
    yield from lab.ledger()


print(f"# seed {lab.argument(2, '1')}")
lab.check(
    [
        ("TERM at any moment", lambda: signals_at_any_moment(signal.SIGTERM)),
        ("KILL at any moment", lambda: signals_at_any_moment(signal.SIGKILL)),
        ("STOP and CONT at any moment", lambda: signals_at_any_moment(signal.SIGSTOP)),
        ("a stopped writer keeps its answer", a_stopped_writer_keeps_its_answer),
        ("rmmod at any moment", removal_at_any_moment),
    ]
)
