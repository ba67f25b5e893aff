# SPDX-License-Identifier: GPL-2.0
"""Ends runs from outside, and looks what is left."""

import contextlib
import json
import os
import re
import select
import signal
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import lab

# Under TCG, with the kernel's own work between: a run looks for signals far more often.
PROMPT_SECONDS = 2.0 * lab.SLOWNESS
# It does not end by itself in the time of a test.
LONG = "probe repeat=1000000000"


class Ended(NamedTuple):
    """What a writer saw."""

    error: str
    answer: str


class Writer:
    """Another process that writes one command, and tells what became of it.

    It handles TERM and INT, and goes on, as a program does that does not want to be killed.
    """

    def __init__(self, command: str) -> None:
        ours, theirs = os.pipe()
        started, start = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                for number in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(number, lambda *_: None)
                descriptor = os.open(lab.path_of("run"), os.O_RDWR)
                os.write(start, b"x")
                error = lab.write(descriptor, command.encode())
                told = json.dumps([error, lab.read_rest(descriptor)])
                os.write(theirs, told.encode())
            finally:
                os._exit(0)
        os.close(theirs)
        os.close(start)
        self._ours = ours
        os.read(started, 1)
        os.close(started)
        self._wait_until_it_runs_or_waits()

    def _wait_until_it_runs_or_waits(self) -> None:
        """Until the writer is in its write(2), or past it."""
        end = time.monotonic() + lab.HANG_SECONDS
        while time.monotonic() < end and not select.select([self._ours], [], [], 0)[0]:
            with contextlib.suppress(OSError):
                # Number 1 is write(2) on x86-64, for one that sleeps there; a task on a CPU is just
                # "running", wherever it is.
                call = lab.read_text(f"/proc/{self.process}/syscall")
                if call.startswith("1 ") or (call.startswith("running") and lab.is_under_way()):
                    break
            time.sleep(0.02)
        time.sleep(0.2)

    def send(self, number: signal.Signals) -> None:
        """Sends a signal."""
        os.kill(self.process, number)

    def ended(self) -> Ended | None:
        """What it saw; none if it was killed before it could tell."""
        parts = []
        while part := os.read(self._ours, 65536):
            parts.append(part)
        os.close(self._ours)
        os.waitpid(self.process, 0)
        return Ended(*json.loads(b"".join(parts))) if parts else None


def fresh() -> int:
    """Lets something run, and returns its number."""
    lab.records("probe", "end")
    return lab.last_run()


def is_cut_short(report: str, reason: str) -> bool:
    """Whether the report ends with the reason, and says how far the run came."""
    last = report.rstrip("\n").splitlines()[-1]
    return bool(
        re.fullmatch(rf"stopped: {reason}.*; after \d+ allocations, 0 outstanding, \d+ ms", last)
    )


def aftermath(before: int, status: str, reason: str) -> Iterator[str]:
    """What has to be so after one run was cut short."""
    end = lab.results()[-1]
    if (lab.last_run(), end["kind"], end["status"]) != (before + 1, "end", status):
        yield f"expected run {before + 1} to end with {status}, got {end}"
    if not is_cut_short(lab.read("report"), reason):
        yield f"report does not say how far it came: {lab.read('report')!r}"
    yield from lab.ledger()
    if fresh() != before + 2:
        yield f"the next run is number {lab.last_run()} after {before} and one cut short"


def cut_short(command: str, *numbers: signal.Signals) -> Iterator[str]:
    """A run that signals end: the first one decides."""
    before = fresh()
    writer = Writer(command)
    if lab.last_run() != before:
        yield f"the run was over before the signal: {lab.results()[-1]}"
    started = time.monotonic()
    writer.send(numbers[0])
    # Without waiting for the writer, which may be stopped.
    while lab.last_run() == before and time.monotonic() - started < 10 * PROMPT_SECONDS:
        time.sleep(0.02)
    elapsed = time.monotonic() - started
    if elapsed > PROMPT_SECONDS:
        yield f"it took {elapsed:.2f} s"
    for number in numbers[1:]:
        writer.send(number)
    ended = writer.ended()
    if ended is None:
        if signal.SIGKILL not in numbers:
            yield "the writer did not tell what it saw"
    elif ended.error != "ECANCELED" or not is_cut_short(ended.answer, "cancelled by a signal"):
        yield f"expected ECANCELED and a partial answer, got {ended}"
    elif ended.answer != lab.read("report"):
        yield f"the writer reads another answer than report has: {ended.answer!r}"
    yield from aftermath(before, "cancelled", "cancelled by a signal")


def waiting_writer() -> Iterator[str]:
    """One that waits for another's run is turned away, and the other goes on."""
    before = fresh()
    first = Writer(LONG)
    second = Writer("probe size=77")
    started = time.monotonic()
    second.send(signal.SIGTERM)
    ended = second.ended()
    if (elapsed := time.monotonic() - started) > PROMPT_SECONDS:
        yield f"it took {elapsed:.2f} s"
    if ended is None or ended.error != "ECANCELED":
        yield f"expected ECANCELED, got {ended}"
    elif not re.fullmatch(r"refused: .*signal.*\n", ended.answer):
        yield f"expected a refusal that names the signal, got {ended.answer!r}"
    if lab.last_run() != before:
        yield f"a run ended meanwhile: {lab.results()[-1]}"
    first.send(signal.SIGTERM)
    ended = first.ended()
    if ended is None or ended.error != "ECANCELED":
        yield f"the first: expected ECANCELED, got {ended}"
    # Only the first had a number.
    yield from aftermath(before, "cancelled", "cancelled by a signal")


def killed_waiting_writers() -> Iterator[str]:
    """Of many that wait, those that are killed do not keep the others from their turn."""
    before = fresh()
    first = Writer(LONG)
    waiting = [Writer(f"probe size={1000 + number}") for number in range(6)]
    for writer in waiting[::2]:
        writer.send(signal.SIGKILL)
    first.send(signal.SIGTERM)
    first.ended()
    for number, writer in enumerate(waiting):
        ended = writer.ended()
        if number % 2 == 0:
            if ended is not None:
                yield f"{number} was killed, and says {ended}"
        elif ended is None or ended.error != "OK":
            yield f"{number}: expected OK, got {ended}"
        elif f"requested bytes         {1000 + number}\n" not in ended.answer:
            yield f"{number}: not its own answer: {ended.answer!r}"
    if lab.last_run() != before + 4:
        yield f"expected run {before + 4}, got {lab.last_run()}"
    yield from lab.ledger()


def readers_do_not_wait() -> Iterator[str]:
    before = fresh()
    report = lab.read("report")
    writer = Writer(LONG)
    for name in lab.DOCUMENTS:
        started = time.monotonic()
        text = lab.read(name)
        if (elapsed := time.monotonic() - started) > PROMPT_SECONDS:
            yield f"{name} took {elapsed:.2f} s"
        if name == "report" and text != report:
            yield f"report is not the finished run's: {text!r}"
    stats = lab.read("stats")
    time.sleep(0.5)
    if lab.read("stats") == stats:
        yield f"stats stand still during a run: {stats}"
    refused = lab.ask("prob")
    if refused.error != "EINVAL":
        yield f"a refusal during a run: {refused}"
    writer.send(signal.SIGTERM)
    writer.ended()
    yield from aftermath(before, "cancelled", "cancelled by a signal")


def same_descriptor_during_a_run() -> Iterator[str]:
    """Another thread reads the previous answer, and need not wait for the run."""
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    lab.write(descriptor, b"probe size=55")
    error: list[str] = []
    # Longer than it takes to read.
    command = f"probe size=56 repeat={lab.many(100_000, 'allocations')}"
    thread = threading.Thread(target=lambda: error.append(lab.write(descriptor, command.encode())))
    thread.start()
    started = time.monotonic()
    previous = lab.read_rest(descriptor)
    elapsed = time.monotonic() - started
    is_under_way = not error
    thread.join()
    if not is_under_way:
        raise lab.SkipError("the run was over before it could be looked at")
    if elapsed > PROMPT_SECONDS or "requested bytes         55\n" not in previous:
        yield f"after {elapsed:.2f} s: {previous!r}"
    if error != ["OK"] or "requested bytes         56\n" not in lab.read_rest(descriptor):
        yield f"{error}, and not the answer of the run"
    os.close(descriptor)


def out_of_time(command: str) -> Iterator[str]:
    before = fresh()
    started = time.monotonic()
    outcome = lab.ask(command)
    elapsed = time.monotonic() - started
    if outcome.error != "ETIMEDOUT" or not is_cut_short(outcome.answer, "out of time"):
        yield f"expected ETIMEDOUT and a partial answer, got {outcome}"
    if not 0.3 <= elapsed <= 0.3 + PROMPT_SECONDS:
        yield f"it took {elapsed:.2f} s instead of 0.3 s"
    if outcome.answer != lab.read("report"):
        yield "report has another answer"
    yield from aftermath(before, "timeout", "out of time")


def waiting_is_not_running() -> Iterator[str]:
    """The time for a run begins when it starts, and not when it starts to wait."""
    first, second = Writer(LONG), Writer("probe repeat=10")
    told = [writer.ended() for writer in (first, second)]
    errors = [ended.error if ended else "nothing" for ended in told]
    if errors != ["ETIMEDOUT", "OK"]:
        yield f"expected ETIMEDOUT and OK, got {errors}"


LARGE = "probe allocator=vmalloc size=150M repeat=1000"
MANY = "probe count=60000 repeat=1000000"
SWEEP = "sweep from=1 to=1M repeat=1000000"
PARTS: dict[str, list[tuple[str, lab.Case]]] = {
    "signals": [
        ("TERM ends a run", lambda: cut_short(LONG, signal.SIGTERM)),
        ("INT ends a run", lambda: cut_short(LONG, signal.SIGINT)),
        ("KILL ends a run", lambda: cut_short(LONG, signal.SIGKILL)),
        (
            "STOP ends a run, and CONT does not start it again",
            lambda: cut_short(LONG, signal.SIGSTOP, signal.SIGCONT),
        ),
        ("TERM in the middle of one large allocation", lambda: cut_short(LARGE, signal.SIGTERM)),
        ("TERM with thousands of allocations held", lambda: cut_short(MANY, signal.SIGTERM)),
        ("KILL with thousands of allocations held", lambda: cut_short(MANY, signal.SIGKILL)),
        ("TERM ends sweep", lambda: cut_short(SWEEP, signal.SIGTERM)),
        ("a writer that waits is turned away", waiting_writer),
        ("writers that are killed while they wait are in nobody's way", killed_waiting_writers),
        ("readers do not wait for a run", readers_do_not_wait),
        ("a second thread on the descriptor does not wait", same_descriptor_during_a_run),
    ],
    "timeout": [
        ("timeout_ms ends probe", lambda: out_of_time(LONG)),
        ("timeout_ms ends a large allocation", lambda: out_of_time(LARGE)),
        ("timeout_ms ends sweep", lambda: out_of_time(SWEEP)),
        ("the time spent waiting does not count", waiting_is_not_running),
    ],
}
lab.check(PARTS[lab.argument(1, "signals")])
