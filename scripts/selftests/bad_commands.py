# SPDX-License-Identifier: GPL-2.0
"""Gives the commands of a table, and looks that nothing but the answer changes."""

import ctypes
import errno
import functools
import mmap
import os
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

import lab


class Row(NamedTuple):
    """A row of the table."""

    error: str
    reason: str
    text: str

    def command(self) -> bytes:
        """The bytes to write."""
        repeated = re.sub(r"<(\d+)\*(.*?)>", lambda found: int(found[1]) * found[2], self.text)
        return repeated.encode("ascii").decode("unicode_escape").encode("latin-1")


def table(path: str) -> list[Row]:
    """The rows of a file."""
    rows = []
    for line in lab.read_text(path).splitlines():
        if line and not line.startswith("#"):
            error, reason, text = re.split(r" \| ?", line, maxsplit=2)
            rows.append(Row(error, reason, text))
    return rows


class Log:
    """What the kernel logs from now on."""

    def __init__(self) -> None:
        self._descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self._descriptor, 0, os.SEEK_END)

    def news(self) -> Iterator[str]:
        """The lines since the last time, without those of the tests themselves."""
        while True:
            try:
                line = os.read(self._descriptor, 8192).decode(errors="replace")
            except BlockingIOError:
                return
            if ";selftest " not in line:
                yield f"the kernel logged: {line.splitlines()[0]}"


def accepted(row: Row) -> Iterator[str]:
    """A command that only looks bad."""
    before = lab.last_run()
    outcome = lab.ask(row.command())
    if outcome.error != "OK" or row.reason not in outcome.answer:
        yield f"expected {row.error} and '{row.reason}', got {outcome}"
    if lab.last_run() != before + 1:
        yield f"expected run {before + 1}, got {lab.last_run()}"


def refused(row: Row) -> Iterator[str]:
    """A bad command."""
    stats, results = lab.read("stats"), lab.read("results")
    outcome = lab.ask(row.command())
    if outcome.error != row.error:
        yield f"expected {row.error}, got {outcome.error}"
    if row.reason not in outcome.answer:
        yield f"expected a reason with '{row.reason}', got {outcome.answer!r}"
    if not re.fullmatch(r"refused: [ -~]+\n", outcome.answer):
        yield f"expected one line 'refused: …', got {outcome.answer!r}"
    if outcome.answer.count("refused") != 1:
        yield f"expected 'refused' once, got {outcome.answer!r}"
    if (report := lab.read("report")) != outcome.answer:
        yield f"expected the same in report, got {report!r}"
    if (now := lab.read("stats")) != stats:
        yield f"stats changed from {stats!r} to {now!r}"
    if (now := lab.read("results")) != results:
        yield f"results changed to {now!r}"


def judge(row: Row) -> Iterator[str]:
    """One row, with the kernel's log."""
    if row.error == "OK":
        yield from accepted(row)
    else:
        yield from refused(row)
    yield from LOG.news()


def split_over_two_writes() -> Iterator[str]:
    """Pieces are never joined: each is a command."""
    before = lab.last_run()
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    for piece, name in ((b"pro", "pro"), (b"be size=1\n", "be")):
        error, answer = lab.write(descriptor, piece), lab.read_rest(descriptor)
        if error != "EINVAL" or f"unknown scenario '{name}'" not in answer:
            yield f"{piece!r}: expected EINVAL and its own reason, got {error}, {answer!r}"
    os.close(descriptor)
    if lab.last_run() != before:
        yield f"something ran: {lab.last_run()} after {before}"


def two_buffers_are_two_commands() -> Iterator[str]:
    """writev(2) gives each part as a write(2) of its own, and stops at the first error."""
    before = lab.last_run()
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    parts = [b"probe size=1", b"be size=2", b"probe size=3"]
    if (written := os.writev(descriptor, parts)) != len(parts[0]):
        yield f"expected {len(parts[0])} bytes to be written, got {written}"
    if "unknown scenario 'be'" not in (answer := lab.read_rest(descriptor)):
        yield f"expected the refusal of the second part, got {answer!r}"
    os.close(descriptor)
    if lab.last_run() != before + 1:
        yield f"expected run {before + 1}, got {lab.last_run()}"


def nothing_written() -> Iterator[str]:
    """A write(2) of no bytes is no command: the answer before it stays."""
    before = lab.last_run()
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    lab.write(descriptor, b"prob")
    error, answer = lab.write(descriptor, b""), lab.read_rest(descriptor)
    os.close(descriptor)
    if (error, lab.last_run()) != ("OK", before) or "unknown scenario 'prob'" not in answer:
        yield f"expected nothing to change, got {error}, {answer!r}, run {lab.last_run()}"


def bad_buffer() -> Iterator[str]:
    """A buffer that is not mapped to its end is EFAULT, and runs nothing."""
    before, stats = lab.last_run(), lab.read("stats")
    area = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    base = ctypes.addressof(ctypes.c_char.from_buffer(area))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mprotect(ctypes.c_void_p(base + mmap.PAGESIZE), mmap.PAGESIZE, 0)
    ctypes.memmove(base + mmap.PAGESIZE - 5, b"probe", 5)
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    for start, size in ((mmap.PAGESIZE - 5, 6), (mmap.PAGESIZE, 1)):
        written = libc.write(descriptor, ctypes.c_void_p(base + start), ctypes.c_size_t(size))
        if (written, ctypes.get_errno()) != (-1, errno.EFAULT):
            yield f"{size} bytes: expected EFAULT, got {written}, {ctypes.get_errno()}"
        if "no answer" not in (answer := lab.read_rest(descriptor)):
            yield f"{size} bytes: an answer to what never came: {answer!r}"
    os.close(descriptor)
    if (lab.last_run(), lab.read("stats")) != (before, stats):
        yield "something ran"


def bad_place_for_the_answer() -> Iterator[str]:
    """A read(2) to where nothing can be written is EFAULT, and the answer is still there."""
    libc = ctypes.CDLL(None, use_errno=True)
    for name, command in (("run", "probe size=100"), ("held", "free all")):
        descriptor = os.open(lab.path_of(name), os.O_RDWR)
        lab.write(descriptor, command.encode())
        expected = os.read(descriptor, 10)
        got = libc.read(descriptor, ctypes.c_void_p(1), ctypes.c_size_t(100))
        if (got, ctypes.get_errno()) != (-1, errno.EFAULT):
            yield f"{name}: expected EFAULT, got {got}, {ctypes.get_errno()}"
        answer = expected.decode() + lab.read_rest(descriptor)
        os.close(descriptor)
        # Who opens `held` reads the table, and how to change it.
        whole = lab.read("held").split("\n\n")[0] + "\n" if name == "held" else lab.read("report")
        if answer != whole:
            yield f"{name}: after that the answer is {answer!r}, and not {whole!r}"


def no_run_is_counted() -> Iterator[str]:
    """A refused command changes nothing, the run's number included."""
    lab.ask("probe")
    before = lab.last_run()
    for command in (
        "",
        "prob",
        "probe size=0",
        "probe node=7",
        "probe size=8M",
        "probe size=1024G",
    ):
        lab.ask(command)
        lab.ask("probe")
        if lab.last_run() != before + 1:
            yield f"'{command}': expected run {before + 1} after it, got {lab.last_run()}"
        before = lab.last_run()


CASES: list[tuple[str, lab.Case]] = [
    ("a command split over two writes is two", split_over_two_writes),
    ("each buffer of writev is a command", two_buffers_are_two_commands),
    ("a write of no bytes is no command", nothing_written),
    ("a buffer that cannot be read is EFAULT", bad_buffer),
    ("an answer that cannot be read there is not lost", bad_place_for_the_answer),
    ("no run is counted for a refused command", no_run_is_counted),
]
LOG = Log()
if len(sys.argv) > 1:
    # Something to be left as it is.
    lab.ask("probe size=123")
    LOG = Log()
    CASES = [
        (f"{row.error} for '{row.text[:60]}'", functools.partial(judge, row))
        for row in table(sys.argv[1])
    ]
lab.check(CASES)
