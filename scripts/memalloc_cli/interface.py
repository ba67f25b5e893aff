# SPDX-License-Identifier: GPL-2.0
"""The laboratory's files: commands in, text out."""

import errno
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

DIRECTORY = "/sys/kernel/debug/rust_memalloc"
# The module tells of its files; here there are commands.
IN_OUR_WORDS = {
    "the file 'scenarios' lists them": "see memalloc list",
    "the file 'held' lists what is": "see memalloc held",
}


class UnavailableError(Exception):
    """There is no laboratory to talk to."""


class Answer(NamedTuple):
    """What a command got."""

    text: str
    error: int = 0

    @property
    def is_cancelled(self) -> bool:
        """A signal ended it."""
        return self.error == errno.ECANCELED

    @property
    def is_refused(self) -> bool:
        """It was not run at all."""
        return self.error != 0 and self.run_id is None

    @property
    def run_id(self) -> int | None:
        """The number of the run that answered; none of a refused command."""
        match = re.match(r"run (\d+): ", self.text)
        return int(match[1]) if match else None

    @property
    def reason(self) -> str:
        """Why it was refused, or ended early, in one line."""
        for line in reversed(self.text.splitlines()):
            if line.startswith(("refused: ", "stopped: ")):
                return in_our_words(line.split(": ", 1)[1])
        return os.strerror(self.error)


def in_our_words(reason: str) -> str:
    """What the module says, as the command line would."""
    for words, ours in IN_OUR_WORDS.items():
        reason = reason.replace(words, ours)
    return reason


class Laboratory:
    """The files of a loaded module."""

    def __init__(self, directory: str = DIRECTORY) -> None:
        self.directory = directory

    def path_of(self, name: str) -> str:
        """The path of one of the files."""
        return os.path.join(self.directory, name)

    def read(self, name: str) -> str:
        """All of a file."""
        try:
            with open(self.path_of(name), encoding="utf-8") as file:
                return file.read()
        except OSError as error:
            raise self._unavailable(error) from error

    def command(self, text: str, name: str = "run") -> Answer:
        """Writes a command, waits until it is done, and reads its answer from the same open file.

        Meanwhile an interrupt does not raise KeyboardInterrupt: it makes the kernel end the run,
        whose answer then says how far it came.
        """
        try:
            descriptor = os.open(self.path_of(name), os.O_RDWR)
        except OSError as error:
            raise self._unavailable(error) from error
        try:
            with interrupts_ignored_by_python():
                error_number = write_once(descriptor, text.encode())
                return Answer(read_all(descriptor), error_number)
        finally:
            os.close(descriptor)

    def facts(self, name: str) -> dict[str, str]:
        """A file of one fact a line: a name, and a value."""
        return facts_of(self.read(name))

    def _unavailable(self, error: OSError) -> UnavailableError:
        path = error.filename or self.directory
        if error.errno == errno.EACCES:
            return UnavailableError(f"{path}: only root may use it")
        if error.errno == errno.EPERM:
            return UnavailableError(f"{path}: not under kernel lockdown")
        if error.errno == errno.ENOENT:
            return UnavailableError(f"{path}: the module is not loaded, or debugfs not mounted")
        return UnavailableError(f"{path}: {error.strerror}")


def facts_of(text: str) -> dict[str, str]:
    """The lines of a text, each a name and a value."""
    return {name: value for name, _, value in (line.partition(" ") for line in text.splitlines())}


def write_once(descriptor: int, data: bytes) -> int:
    """Writes a command in one write(2). Returns its errno, or 0."""
    try:
        os.write(descriptor, data)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def read_all(descriptor: int) -> str:
    """Reads an open file to its end."""
    parts = []
    while part := os.read(descriptor, 65536):
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


@contextmanager
def interrupts_ignored_by_python() -> Iterator[None]:
    """Lets an interrupt end a system call, and nothing else."""

    def do_nothing(_number: int, _frame: FrameType | None) -> None:
        pass

    previous = signal.signal(signal.SIGINT, do_nothing)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
