# SPDX-License-Identifier: GPL-2.0
"""What the tests see with Python that a shell cannot: errno values, JSON, threads, offsets."""

import errno
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

LAB = "/sys/kernel/debug/rust_memalloc"
# How many times slower than Debian's a kernel is that looks for bugs, as scripts/test says.
SLOWNESS = max(1, int(os.environ.get("TEST_SECONDS", "300")) // 300)
# For what takes a moment: if it takes longer, it hangs, however busy the host is.
HANG_SECONDS = 60 * SLOWNESS
DOCUMENTS = ("report", "results", "scenarios", "stats", "environment", "version")
FILES = (*DOCUMENTS, "held", "progress", "run")
# `make soak` does in full what is otherwise scaled down to the time that there is.
IS_FULL = os.environ.get("TEST_SCALE") == "full"
MODULE = f"build/{os.environ.get('KERNEL', 'stock')}/rust_memalloc.ko"

# A case yields its problems, one line each, and passes if there are none.
Case = Callable[[], Iterator[str]]
# One object of `results`.
Record = dict[str, Any]


class SkipError(Exception):
    """A case that cannot observe what it is about."""


class Outcome(NamedTuple):
    """What became of a command."""

    error: str
    answer: str


class Books(NamedTuple):
    """What `stats` has of one allocator."""

    allocations: int
    frees: int
    outstanding: int
    charged_bytes: int
    failures: int


def kernel_version() -> tuple[int, int]:
    """What kernel this is, such as 7.3."""
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int(minor)


def path_of(name: str) -> str:
    """The path of one of the module's files."""
    return f"{LAB}/{name}"


def read_text(path: str) -> str:
    """All of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def write_text(path: str, text: str) -> None:
    """Writes a file in one write(2)."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def read(name: str) -> str:
    """All of one of the module's files."""
    return read_text(path_of(name))


def write(descriptor: int, command: bytes) -> str:
    """Writes a command in one write(2), and returns OK or the name of the errno."""
    try:
        written = os.write(descriptor, command)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return "OK" if written == len(command) else f"{written} bytes of {len(command)}"


def read_rest(descriptor: int, size: int = 65536) -> str:
    """Reads an open file to its end, in parts of at most `size` bytes."""
    parts = []
    while part := os.read(descriptor, size):
        parts.append(part)
    return b"".join(parts).decode()


def ask(command: str | bytes) -> Outcome:
    """Runs a command, and reads the answer from the same open file."""
    descriptor = os.open(path_of("run"), os.O_RDWR)
    try:
        data = command.encode() if isinstance(command, str) else command
        error = write(descriptor, data)
        return Outcome(error, read_rest(descriptor))
    finally:
        os.close(descriptor)


def ask_with_alarm(command: str, seconds: float) -> Outcome:
    """The same, while a signal comes after so long."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    return ask(command)


def hold(command: str) -> Outcome:
    """Changes what is held."""
    descriptor = os.open(path_of("held"), os.O_RDWR)
    try:
        return Outcome(write(descriptor, command.encode()), read_rest(descriptor))
    finally:
        os.close(descriptor)


def results() -> list[Record]:
    """The last run's records."""
    return [json.loads(line) for line in read("results").splitlines()]


def records(command: str, kind: str) -> list[Record]:
    """Runs a command that has to succeed, and returns its records of one kind."""
    outcome = ask(command)
    if outcome.error != "OK":
        raise AssertionError(f"{command}: {outcome.error}: {outcome.answer.strip()}")
    return [record for record in results() if record["kind"] == kind]


def cpus() -> int:
    """How many CPUs are online."""
    return os.sysconf("SC_NPROCESSORS_ONLN")


def last_run() -> int:
    """The id of the last run; 0 before the first."""
    lines = results()
    return int(lines[0]["run"]) if lines else 0


def scenario_names() -> list[str]:
    """Every scenario that there is."""
    return re.findall(r"^([a-z_-]+): ", read("scenarios"), re.MULTILINE)


def module_parameters() -> str:
    """The parameters that scripts/vm inserted the module with."""
    return read_text("/vm/module").partition(" ")[2].strip()


def scaled(full: int, reduced: int, what: str) -> int:
    """How many of something are to be done, which is said if they are not all."""
    if IS_FULL:
        return full
    print(f"# scaled down: {reduced} of {full} {what}; make soak does them all", flush=True)
    return reduced


def many(number: int, what: str) -> int:
    """That many, for what has to last; a tenth on a kernel that looks for bugs, which is slow."""
    return number if SLOWNESS == 1 else scaled(number, number // 10, what)


def is_under_way() -> bool:
    """Whether any run is."""
    return read("progress").startswith("run ")


def done() -> int:
    """How far the run is that is under way; -1 if there is none."""
    found = re.search(r"^done (\d+)$", read("progress"), re.MULTILINE)
    return int(found[1]) if found else -1


def until(look: Callable[[], bool], seconds: float = HANG_SECONDS, pause: float = 0.0) -> bool:
    """Looks again and again, until it was seen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if look():
            return True
        time.sleep(pause)
    return False


def wait_for_a_run() -> None:
    """Until a run is under way, and has done something."""
    if not until(lambda: done() > 0, pause=0.02):
        raise AssertionError("no run is under way")


def expects(test: str, text: str | None) -> None:
    """Says to scripts/lib/find-splat that the kernel may log this from here on, or nothing more."""
    what = f"'{text}'" if text else "nothing"
    write_text("/dev/kmsg", f"selftest {test} expects {what}\n")


class Progress:
    """Says now and then how far something is that takes long."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._done = 0
        self._started = self._said = time.monotonic()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        now = time.monotonic()
        if now - self._said >= 30:
            self._said = now
            seconds = int(now - self._started)
            print(f"# {self._what}: {self._done} of {self._total}, {seconds} s", flush=True)


def books(allocator: str) -> Books:
    """What it has now."""
    for line in read("stats").splitlines():
        name, *fields = line.split()
        if name == allocator:
            allocations, frees, outstanding, charged, _, failures = fields[:6]
            return Books(
                int(allocations), int(frees), int(outstanding), int(charged), int(failures)
            )
    raise AssertionError(f"{allocator} is not in stats")


def ledger() -> Iterator[str]:
    """What is outstanding."""
    for line in read("stats").splitlines()[2:]:
        name, allocations, frees, outstanding, charged = line.split()[:5]
        if (allocations, outstanding, charged) != (frees, "0", "0"):
            yield f"outstanding: {name}: {line}"


def check(cases: list[tuple[str, Case]]) -> None:
    """Runs all cases, and tells of each what became of it."""
    for name, case in cases:
        verdict(name, case)


def verdict(name: str, case: Case) -> None:
    """Runs a case. The lines that this prints are numbered by lib.sh's relay."""
    try:
        problems = list(case())
    except SkipError as reason:
        print(f"ok - {name} # SKIP {reason}", flush=True)
        return
    except Exception:  # Whatever else goes wrong is a failure of this case alone.
        problems = traceback.format_exc().splitlines()
    for problem in problems[:20]:
        print(f"# {problem}")
    print(f"{'not ok' if problems else 'ok'} - {name}", flush=True)


def argument(index: int, default: str) -> str:
    """An argument of the command line."""
    return sys.argv[index] if len(sys.argv) > index else default
