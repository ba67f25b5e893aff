# SPDX-License-Identifier: GPL-2.0
"""Readers and writers at once; reads in parts and at offsets."""

import contextlib
import errno
import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator

import lab

# How long everything is used at once.
STORM_SECONDS = 20
REFUSALS_SECONDS = 10
REQUESTED = re.compile(r"^requested bytes +(\d+)$", re.MULTILINE)
RUN = re.compile(r"run (\d+): (probe|sweep|compare|orders)\n")


def is_whole(answer: str) -> bool:
    """Whether a report has its first line and its last, or is a refusal."""
    if answer.startswith("refused: "):
        return answer.endswith("\n") and answer.count("\n") == 1
    lines = answer.splitlines()
    return bool(RUN.match(answer)) and lines[-1].startswith(("complete: ", "stopped: "))


def in_processes(work: list[Callable[[], Iterator[str]]], seconds: float) -> Iterator[str]:
    """Does all of it at once, each in a process, and passes on their problems."""
    children = []
    for one in work:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            status = 1
            try:
                for problem in one():
                    os.write(theirs, f"{problem}\n".encode())
                status = 0
            except Exception as error:  # To be told by the parent.
                os.write(theirs, f"{type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(status)
        os.close(theirs)
        children.append((child, ours))

    def kill() -> None:
        for child, _ in children:
            # Those that have ended are in nobody's way.
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    for child, ours in children:
        yield from lab.read_rest(ours).splitlines()
        os.close(ours)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            yield f"a process did not end within {seconds} s"
    timer.cancel()


def own_answers() -> Iterator[str]:
    rounds = 200

    def write(size: int) -> Callable[[], Iterator[str]]:
        def body() -> Iterator[str]:
            descriptor = os.open(lab.path_of("run"), os.O_RDWR)
            for _ in range(rounds):
                error = lab.write(descriptor, f"probe size={size}".encode())
                answer = lab.read_rest(descriptor)
                if (
                    error != "OK"
                    or REQUESTED.findall(answer) != [str(size)]
                    or not is_whole(answer)
                ):
                    yield f"size={size}: {error}, {answer!r}"

        return body

    before = lab.last_run()
    yield from in_processes([write(111), write(2222)], 3 * lab.HANG_SECONDS)
    if lab.last_run() != before + 2 * rounds:
        yield f"expected run {before + 2 * rounds}, got {lab.last_run()}"


def own_answers_on_one_descriptor_each_in_threads() -> Iterator[str]:
    problems: list[str] = []

    def body(size: int) -> None:
        for _ in range(50):
            outcome = lab.ask(f"probe size={size}")
            if REQUESTED.findall(outcome.answer) != [str(size)]:
                problems.append(f"size={size}: {outcome}")

    threads = [threading.Thread(target=body, args=(size,)) for size in (11, 222, 3333)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from problems


def two_threads_on_one_descriptor() -> Iterator[str]:
    """They may read each other's answer, but never a mixture of two, nor a part of none."""
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    problems: list[str] = []

    def body(size: int) -> None:
        for _ in range(100):
            error = lab.write(descriptor, f"probe size={size}".encode())
            # One read takes all there is, or what the other thread left: nothing.
            answer = os.read(descriptor, 65536).decode()
            if error != "OK" or (answer and not is_whole(answer)):
                problems.append(f"size={size}: {error}, {answer!r}")

    threads = [threading.Thread(target=body, args=(size,)) for size in (11, 2222)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(descriptor)
    yield from problems


def two_readers_of_one_answer() -> Iterator[str]:
    """Two threads that read one descriptor byte by byte get each byte once."""
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    lab.write(descriptor, b"probe")
    parts: list[list[bytes]] = [[], []]

    def body(own: list[bytes]) -> None:
        while part := os.read(descriptor, 1):
            own.append(part)

    threads = [threading.Thread(target=body, args=(own,)) for own in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(descriptor)
    got, report = b"".join(parts[0] + parts[1]), lab.read("report").encode()
    if sorted(got) != sorted(report):
        yield f"expected {len(report)} bytes, got {len(got)}, or others"


def storm() -> Iterator[str]:
    """Readers and writers on every file at once."""
    end = time.monotonic() + STORM_SECONDS

    def write(seed: int) -> Callable[[], Iterator[str]]:
        commands = (
            ("probe allocator=all size=5000", "OK"),
            ("sweep to=64k", "OK"),
            ("orders", "OK"),
            ("probe size=0", "ERANGE"),
            ("nonsense", "EINVAL"),
        )

        def body() -> Iterator[str]:
            choice = random.Random(seed)
            while time.monotonic() < end:
                command, expected = choice.choice(commands)
                outcome = lab.ask(command)
                if outcome.error != expected or not is_whole(outcome.answer):
                    yield f"{command}: expected {expected}, got {outcome}"

        return body

    def read(name: str) -> Callable[[], Iterator[str]]:
        def body() -> Iterator[str]:
            choice = random.Random(name)
            while time.monotonic() < end:
                descriptor = os.open(lab.path_of(name), os.O_RDONLY)
                text = lab.read_rest(descriptor, choice.choice((1000, 4096, 65536)))
                os.close(descriptor)
                if name == "report" and not is_whole(text):
                    yield f"report: {text!r}"
                if name == "results" and not text.endswith("}\n"):
                    yield f"results: {text!r}"
                if name == "run" and not text.startswith("Write SCENARIO"):
                    yield f"run: {text!r}"
                if name == "stats" and text.count("\n") != 6:
                    yield f"stats: {text!r}"

        return body

    writers = [write(seed) for seed in range(3)]
    readers = [read(name) for name in (*lab.DOCUMENTS, "run")]
    yield from in_processes(writers + readers, STORM_SECONDS + lab.HANG_SECONDS)
    yield from lab.ledger()


def refusals_bring_no_results_back() -> Iterator[str]:
    """A refusal leaves the results alone, also those that come while it is written."""
    end = time.monotonic() + REFUSALS_SECONDS

    def refuse() -> Iterator[str]:
        while time.monotonic() < end:
            lab.ask("nonsense")
        yield from ()

    def run() -> Iterator[str]:
        while time.monotonic() < end:
            answer = lab.ask("probe size=8").answer
            made = RUN.match(answer)
            for _ in range(4):
                seen = lab.last_run()
                if made is None or seen != int(made[1]):
                    yield f"there were the results of run {seen} after: {answer!r}"

    yield from in_processes([refuse, refuse, run], REFUSALS_SECONDS + lab.HANG_SECONDS)


def a_document_stays_as_it_was_opened() -> Iterator[str]:
    lab.ask("probe size=123")
    whole = {name: lab.read(name) for name in ("report", "results", "stats")}
    opened = {name: os.open(lab.path_of(name), os.O_RDONLY) for name in whole}
    started = {name: os.read(descriptor, 10).decode() for name, descriptor in opened.items()}
    lab.ask("sweep")
    for name, descriptor in opened.items():
        if (text := started[name] + lab.read_rest(descriptor)) != whole[name]:
            yield f"{name}: expected {whole[name]!r}, got {text!r}"
        os.close(descriptor)


def any_part_of_a_document() -> Iterator[str]:
    lab.ask("probe")
    for name in lab.DOCUMENTS:
        whole = lab.read(name).encode()
        descriptor = os.open(lab.path_of(name), os.O_RDONLY)
        size = len(whole)
        for offset in (0, 1, size // 3, size - 1, size, size + 1, 1 << 40, (1 << 63) - 4097):
            for count in (1, 10, 4096):
                if (got := os.pread(descriptor, count, offset)) != whole[offset : offset + count]:
                    yield f"{name} at {offset}: {count}: {got!r}"
        for offset in (5, size // 2, 0):
            os.lseek(descriptor, offset, os.SEEK_SET)
            if (got := lab.read_rest(descriptor).encode()) != whole[offset:]:
                yield f"{name} from {offset}: {got!r}"
        os.close(descriptor)


def no_position_before_the_start() -> Iterator[str]:
    descriptor = os.open(lab.path_of("stats"), os.O_RDONLY)
    for what, call in (
        ("lseek", lambda: os.lseek(descriptor, -1, os.SEEK_SET)),
        ("pread", lambda: os.pread(descriptor, 1, -1)),
    ):
        try:
            yield f"{what} to -1 returned {call()!r}"
        except OSError as error:
            if error.errno != errno.EINVAL:
                yield f"{what} to -1: {error}"
    os.close(descriptor)


def the_stream_has_no_position() -> Iterator[str]:
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    for what, call in (
        ("lseek", lambda: os.lseek(descriptor, 0, os.SEEK_SET)),
        ("pread", lambda: os.pread(descriptor, 1, 0)),
        ("pwrite", lambda: os.pwrite(descriptor, b"probe", 0)),
    ):
        try:
            yield f"{what} returned {call()!r}"
        except OSError as error:
            if error.errno != errno.ESPIPE:
                yield f"{what}: {error}"
    os.close(descriptor)


def documents_cannot_be_written() -> Iterator[str]:
    """Not even by root, who may open them so."""
    for name in lab.DOCUMENTS:
        before = lab.read(name)
        descriptor = os.open(lab.path_of(name), os.O_RDWR)
        if (error := lab.write(descriptor, b"probe")) not in ("EINVAL", "EPERM", "EBADF"):
            yield f"{name}: expected an error, got {error}"
        os.close(descriptor)
        if lab.read(name) != before:
            yield f"{name} changed"


def small_reads_go_on() -> Iterator[str]:
    for size in (1, 7, 100):
        descriptor = os.open(lab.path_of("run"), os.O_RDWR)
        lab.write(descriptor, b"probe")
        report = lab.read("report")
        got = lab.read_rest(descriptor, size)
        if got != report:
            yield f"in parts of {size}: expected {report!r}, got {got!r}"
        if os.read(descriptor, 10):
            yield "something after the end"
        os.close(descriptor)


def a_write_replaces_the_answer() -> Iterator[str]:
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    lab.write(descriptor, b"sweep")
    os.read(descriptor, 100)
    lab.write(descriptor, b"probe size=9")
    got = lab.read_rest(descriptor)
    if not got.startswith("run ") or REQUESTED.findall(got) != ["9"]:
        yield f"expected the whole of the second answer, got {got!r}"
    lab.write(descriptor, b"nonsense")
    if not (got := lab.read_rest(descriptor)).startswith("refused: unknown scenario"):
        yield f"expected the refusal, got {got!r}"
    os.close(descriptor)


def before_any_write() -> Iterator[str]:
    lab.ask("probe")
    text = lab.read("run")
    if not text.startswith("Write SCENARIO [key=value ...]"):
        yield f"expected the syntax, got {text!r}"
    if lab.read("scenarios") not in text:
        yield f"the scenarios are missing: {text!r}"


lab.check(
    [
        ("two writers each read back their own answer", own_answers),
        (
            "three threads with a descriptor each do so too",
            own_answers_on_one_descriptor_each_in_threads,
        ),
        ("two threads that share a descriptor read whole answers", two_threads_on_one_descriptor),
        ("two readers of one answer get each byte once", two_readers_of_one_answer),
        ("all files are used at once", storm),
        ("refusals bring no results back", refusals_bring_no_results_back),
        ("a document stays as it was when opened", a_document_stays_as_it_was_opened),
        ("any part of a document can be read", any_part_of_a_document),
        ("there is no position before the start", no_position_before_the_start),
        ("the stream has no position", the_stream_has_no_position),
        ("documents cannot be written", documents_cannot_be_written),
        ("a short read goes on where it ended", small_reads_go_on),
        ("a write replaces the answer", a_write_replaces_the_answer),
        ("before any write there is the syntax to read", before_any_write),
    ]
)
