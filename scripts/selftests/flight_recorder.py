# SPDX-License-Identifier: GPL-2.0
"""The example flight_recorder: what is written can be read, and what is old gives way."""

import ctypes
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
GROUP = lab.argument(2, "")
PAGE = os.sysconf("SC_PAGESIZE")
STAMP = re.compile(rb"\[ *\d+\.\d{6}\] (?P<pid>\d+): ")


def command(*words: str) -> str:
    """Runs a program, and returns what it complains of."""
    return subprocess.run(words, check=False, capture_output=True, text=True).stderr.strip()


def output(*words: str) -> str:
    """Runs a program, and returns what it prints."""
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


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
def opened() -> Iterator[int]:
    """A log of one's own."""
    descriptor = os.open(FILE, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def record(log: int, *messages: bytes) -> None:
    """Writes messages, each in one write(2)."""
    for message in messages:
        if os.write(log, message) != len(message):
            raise AssertionError("a message was cut")


def rest(log: int) -> list[bytes]:
    """The messages from here to the end, without their stamps."""
    parts = []
    while part := os.read(log, 1000):
        parts.append(part)
    return [STAMP.sub(b"", line, count=1) for line in b"".join(parts).splitlines()]


def information(log: int) -> dict[str, int]:
    """What fdinfo says of a log."""
    lines = lab.read_text(f"/proc/self/fdinfo/{log}").splitlines()
    pairs = (line.split(":\t") for line in lines)
    names = ("segments", "oldest", "position", "lost", "end")
    return {name: int(value) for name, value in pairs if name in names}


def messages_come_back() -> Iterator[str]:
    with loaded(), opened() as log:
        if found := rest(log):
            yield f"at first there are {found}"
        record(log, b"first", b"second, with an end of line\n")
        if (found := rest(log)) != [b"first", b"second, with an end of line"]:
            yield f"what comes back is {found}"
        record(log, b"third")
        stamp = STAMP.match(part := os.read(log, 12) + os.read(log, 100))
        if stamp is None or int(stamp["pid"]) != os.getpid() or part[stamp.end() :] != b"third\n":
            yield f"it goes on with {part!r}"
        if found := rest(log):
            yield f"at the end there are {found}"


def programs_share_a_log() -> Iterator[str]:
    with loaded(), opened() as log, opened() as other:
        program = subprocess.run(["sh", "-c", "echo $$; kill -KILL $$"], check=False, stdout=log)
        text = os.read(log, 100)
        stamp = STAMP.match(text)
        if stamp is None or text[stamp.end() :].strip() != stamp["pid"]:
            yield f"a program that ended with {program.returncode} left {text!r}"
        if found := rest(other):
            yield f"another log has {found}"


def long_messages_are_cut() -> Iterator[str]:
    message = bytes(ord("a") + number % 26 for number in range(10_000))
    with loaded("order=0"), opened() as log:
        if os.write(log, b"") != 0:
            yield "an empty write is not empty"
        written = 0
        while written < len(message):
            count = os.write(log, message[written:])
            if not 0 < count < PAGE:
                yield f"a write takes {count} bytes"
                return
            written += count
        if b"".join(rest(log)) != message:
            yield "what comes back is not what was written"


def old_messages_give_way() -> Iterator[str]:
    messages = [f"message {number}".encode() for number in range(2000)]
    with loaded("order=1", "segments=3"), opened() as log:
        record(log, messages[0])
        os.read(log, 1)
        record(log, *messages[1:])
        told = information(log)
        held_bytes = told["end"] - told["oldest"]
        if told["segments"] != 3 or not 4 * PAGE < held_bytes <= 6 * PAGE:
            yield f"three segments of two pages: {told}"
        found = rest(log)
        if found != messages[-len(found) :] or not 100 < len(found) < 1000:
            yield f"there are {len(found)} messages, from {found[:1]} to {found[-1:]}"
        told = information(log)
        if told["position"] != told["end"] or told["lost"] != told["oldest"] - 1:
            yield f"a byte was read before the others: {told}"


def the_ring_goes_round() -> Iterator[str]:
    # With their stamps, three messages fit into a page, and no four.
    message_bytes, segments = PAGE // 4, 5
    with loaded("order=0", f"segments={segments}"), opened() as log:
        written: list[bytes] = []
        for lap in range(8):
            # More than there is room for, and another place to end each time.
            count = 3 * segments + 1 + lap
            more = [f"{lap}.{n} ".encode().ljust(message_bytes, b"-") for n in range(count)]
            record(log, *more)
            written += more
            kept = 3 * (segments - 1) + (len(written) - 1) % 3 + 1
            if (found := rest(log)) != written[-kept:]:
                names = [message.partition(b" ")[0] for message in found]
                yield f"of {len(written)} messages, the last {kept} should be there: {names}"
        told = information(log)
        if told["segments"] != segments:
            yield f"there are not {segments} segments: {told}"


def writers_do_not_mix() -> Iterator[str]:
    def write(log: int, letter: str) -> None:
        record(log, *(f"{letter * 40} {number}".encode() for number in range(300)))

    with loaded("segments=200"), opened() as log:
        writers = [threading.Thread(target=write, args=(log, letter)) for letter in "abcd"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        found = rest(log)
    for letter in "abcd":
        expected = [f"{letter * 40} {number}".encode() for number in range(300)]
        if [message for message in found if message.startswith(letter.encode())] != expected:
            yield f"the messages of writer {letter} are not as they were written"
    if len(found) != 1200:
        yield f"of 1200 messages there are {len(found)}"


def blocks_are_the_writers() -> Iterator[str]:
    if not GROUP:
        raise lab.SkipError("no memory cgroup can be made")
    limit_bytes, message = 8 << 20, b"x" * 4000
    lab.write_text(f"{GROUP}/memory.max", str(limit_bytes))
    # 16 MiB are written, in blocks of 16 KiB, of which a log may have 64 MiB.
    with loaded("order=2", "segments=4096"), opened() as log:
        writer = os.fork()
        if writer == 0:
            try:
                lab.write_text(f"{GROUP}/cgroup.procs", str(os.getpid()))
                record(log, *[message] * 4096)
            finally:
                # Of what went wrong, the messages tell that are missing.
                os._exit(0)
        os.waitpid(writer, 0)
        record(log, b"the last")
        told = information(log)
        block_bytes = told["segments"] * 4 * PAGE
        if not limit_bytes // 4 < block_bytes <= limit_bytes:
            yield f"a writer that may have {limit_bytes} bytes took {block_bytes}: {told}"
        if told["end"] < 4096 * len(message):
            yield f"the writer did not get to its end: {told}"
        *before, last = rest(log)
        if last != b"the last" or set(before) != {message} or len(before) < told["segments"]:
            yield f"there are {len(before)} messages, and then {last!r}"


def bad_addresses_are_refused() -> Iterator[str]:
    libc = ctypes.CDLL(None, use_errno=True)
    with loaded(), opened() as log:
        for call in (libc.write, libc.read):
            # So that there is something to read.
            record(log, b"message")
            result, error = call(log, ctypes.c_void_p(1), 100), ctypes.get_errno()
            if (result, error) != (-1, errno.EFAULT):
                yield f"{call.__name__} at address 1 gives {result}, {os.strerror(error)}"
        if (found := rest(log)) != [b"message"] * 2:
            yield f"after that there are {found}"


def who_has_it_open_keeps_it() -> Iterator[str]:
    if lab.kernel_version() < (7, 3):
        raise lab.SkipError("the kernel crate's misc devices have no owner before 7.3")
    with loaded(), opened() as log:
        record(log, b"still there")
        complaint = command("rmmod", "flight_recorder")
        if "in use" not in complaint:
            yield f"rmmod says '{complaint}'"
        if (found := rest(log)) != [b"still there"]:
            yield f"after that there is {found}"
    if os.path.exists(FILE):
        yield f"{FILE} is left behind"


def bad_parameters_are_refused() -> Iterator[str]:
    for parameter, allowed in (
        ("order=11", "0 to 10"),
        ("segments=0", "1 to 4096"),
        ("segments=4097", "1 to 4096"),
        ("segments=1000000", "1 to 4096"),
    ):
        complaint = command("insmod", MODULE, parameter)
        if "Invalid parameters" not in complaint:
            yield f"insmod with {parameter} says '{complaint}'"
        if f"flight_recorder: {parameter}: give {allowed}\n" not in output("dmesg"):
            yield f"the kernel's log does not say that {parameter} should be {allowed}"
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
    # A segment of 64 KiB holds 16 such messages; a log of 64 segments 4 MiB.
    with loaded("order=4", "segments=64"):
        for _ in range(rounds):
            with opened() as log:
                record(log, *[message] * 1024)
                if (told := information(log))["segments"] != 64:
                    yield f"not all memory was taken: {told}"
    lost_kib = before - available_kib()
    # Were it not freed, all of it would be missing.
    if lost_kib > rounds * 64 * 16 * 4 // 2:
        yield f"{lost_kib} KiB are gone after {rounds} logs of 4 MiB"


lab.check(
    [
        ("messages come back, in order, stamped", messages_come_back),
        ("programs share a log, and not that of others", programs_share_a_log),
        ("long messages are cut", long_messages_are_cut),
        ("old messages give way, and are counted", old_messages_give_way),
        ("the newest messages are there, however often it goes round", the_ring_goes_round),
        ("the messages of four writers do not mix", writers_do_not_mix),
        ("the blocks are the writer's memory, and its limit holds", blocks_are_the_writers),
        ("bad addresses are refused, and lose nothing", bad_addresses_are_refused),
        ("it cannot be removed while somebody has it open", who_has_it_open_keeps_it),
        ("bad parameters are refused", bad_parameters_are_refused),
        ("closing a log frees it", nothing_is_left),
    ]
)
