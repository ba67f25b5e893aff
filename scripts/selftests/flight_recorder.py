# SPDX-License-Identifier: GPL-2.0
"""The example flight_recorder: what is written can be read, and what is old gives way."""

import errno
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import lab

FILE = "/dev/flight_recorder"
MODULE = lab.argument(1, "flight_recorder.ko")
PAGE = os.sysconf("SC_PAGESIZE")
STAMP = re.compile(rb"\[ *\d+\.\d{6}\] (?P<pid>\d+): ")


def command(*words: str) -> str:
    """Runs a program, and returns what it complains of."""
    return subprocess.run(words, check=False, capture_output=True, text=True).stderr.strip()


@contextmanager
def loaded(*parameters: str) -> Iterator[None]:
    """The module, inserted anew."""
    if complaint := command("insmod", MODULE, *parameters):
        raise AssertionError(complaint)
    try:
        yield
    finally:
        if complaint := command("rmmod", "flight_recorder"):
            raise AssertionError(complaint)


@contextmanager
def opened(flags: int) -> Iterator[int]:
    """The file, opened anew."""
    descriptor = os.open(FILE, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def record(*messages: bytes) -> None:
    """Writes messages, each in one write(2)."""
    with opened(os.O_WRONLY) as descriptor:
        for message in messages:
            if os.write(descriptor, message) != len(message):
                raise AssertionError("a message was cut")


def rest(descriptor: int) -> list[bytes]:
    """The messages from here to the end, without their stamps."""
    parts = []
    while part := os.read(descriptor, 1000):
        parts.append(part)
    return [STAMP.sub(b"", line, count=1) for line in b"".join(parts).splitlines()]


def all_messages() -> list[bytes]:
    with opened(os.O_RDONLY) as descriptor:
        return rest(descriptor)


def information(descriptor: int) -> dict[str, int]:
    """What fdinfo says of an open file."""
    lines = lab.read_text(f"/proc/self/fdinfo/{descriptor}").splitlines()
    pairs = (line.split(":\t") for line in lines)
    names = ("segments", "oldest", "position", "end")
    return {name: int(value) for name, value in pairs if name in names}


def messages_come_back() -> Iterator[str]:
    with loaded(), opened(os.O_RDONLY) as early:
        if found := rest(early):
            yield f"at first there are {found}"
        record(b"first", b"second, with an end of line\n")
        expected = [b"first", b"second, with an end of line"]
        if (found := all_messages()) != expected:
            yield f"a new reader gets {found}"
        if (found := rest(early)) != expected:
            yield f"an early reader gets {found}"
        record(b"third")
        if (found := rest(early)) != [b"third"]:
            yield f"it goes on with {found}"
        with opened(os.O_RDONLY) as descriptor:
            stamp = STAMP.match(os.read(descriptor, 100))
        if stamp is None or int(stamp["pid"]) != os.getpid():
            yield f"the stamp is {stamp}"


def long_messages_are_cut() -> Iterator[str]:
    message = bytes(ord("a") + number % 26 for number in range(10_000))
    with loaded("order=0"), opened(os.O_WRONLY) as descriptor:
        if os.write(descriptor, b"") != 0:
            yield "an empty write is not empty"
        written = 0
        while written < len(message):
            count = os.write(descriptor, message[written:])
            if not 0 < count < PAGE:
                yield f"a write takes {count} bytes"
                return
            written += count
        if b"".join(all_messages()) != message:
            yield "what comes back is not what was written"


def old_messages_give_way() -> Iterator[str]:
    messages = [f"message {number}".encode() for number in range(2000)]
    with loaded("order=1", "segments=3"), opened(os.O_RDONLY) as behind:
        record(messages[0])
        os.read(behind, 1)
        record(*messages[1:])
        found = all_messages()
        if found != messages[-len(found) :] or not 100 < len(found) < 1000:
            yield f"there are {len(found)} messages, from {found[:1]} to {found[-1:]}"
        told = information(behind)
        held_bytes = told["end"] - told["oldest"]
        if told["segments"] != 3 or not 4 * PAGE < held_bytes <= 6 * PAGE:
            yield f"three segments of two pages: {told}"
        try:
            yield f"a reader that was left behind gets {os.read(behind, 100)!r}"
        except OSError as error:
            if error.errno != errno.EPIPE:
                yield f"a reader that was left behind gets {error}"
        if rest(behind) != found:
            yield "it does not go on with the oldest"


def writers_do_not_mix() -> Iterator[str]:
    def write(letter: str) -> None:
        record(*(f"{letter * 40} {number}".encode() for number in range(300)))

    with loaded("segments=200"):
        writers = [threading.Thread(target=write, args=letter) for letter in "abcd"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        found = all_messages()
    for letter in "abcd":
        expected = [f"{letter * 40} {number}".encode() for number in range(300)]
        if [message for message in found if message.startswith(letter.encode())] != expected:
            yield f"the messages of writer {letter} are not as they were written"
    if len(found) != 1200:
        yield f"of 1200 messages there are {len(found)}"


def who_has_it_open_keeps_it() -> Iterator[str]:
    release = tuple(int(number) for number in os.uname().release.split(".")[:2])
    if release < (7, 3):
        raise lab.SkipError("the kernel crate's misc devices have no owner before 7.3")
    with loaded():
        record(b"still there")
        with opened(os.O_RDONLY) as descriptor:
            complaint = command("rmmod", "flight_recorder")
            if "in use" not in complaint:
                yield f"rmmod says '{complaint}'"
            if (found := rest(descriptor)) != [b"still there"]:
                yield f"after that there is {found}"
    if os.path.exists(FILE):
        yield f"{FILE} is left behind"


def bad_parameters_are_refused() -> Iterator[str]:
    for parameter in ("order=11", "segments=0"):
        complaint = command("insmod", MODULE, parameter)
        if "Invalid parameters" not in complaint:
            yield f"insmod with {parameter} says '{complaint}'"
        if os.path.exists(FILE) or not complaint:
            yield f"insmod with {parameter} leaves something"
            command("rmmod", "flight_recorder")


def available_kib() -> int:
    found = re.search(r"^MemAvailable: +(\d+)", lab.read_text("/proc/meminfo"), re.MULTILINE)
    if found is None:
        raise AssertionError("/proc/meminfo has no MemAvailable")
    return int(found[1])


def nothing_is_left() -> Iterator[str]:
    if "kasan_quarantine_put" in lab.read_text("/proc/kallsyms"):
        raise lab.SkipError("KASAN holds back what was freed")
    before = available_kib()
    rounds, message = 10, b"x" * 4000
    for _ in range(rounds):
        # A segment of 4 MiB holds a thousand such messages; of 64 KiB, 15.
        with loaded("order=4", "segments=64"):
            record(*[message] * 1000)
    lost_kib = before - available_kib()
    # Were it not freed, all of it would be missing.
    if lost_kib > rounds * 64 * 16 * 4 // 2:
        yield f"{lost_kib} KiB are gone after {rounds} rounds of 4 MiB"


lab.check(
    [
        ("messages come back, in order, stamped", messages_come_back),
        ("long messages are cut", long_messages_are_cut),
        ("old messages give way, and who was slow is told", old_messages_give_way),
        ("the messages of four writers do not mix", writers_do_not_mix),
        ("it cannot be removed while somebody has it open", who_has_it_open_keeps_it),
        ("bad parameters are refused", bad_parameters_are_refused),
        ("removing it frees all", nothing_is_left),
    ]
)
