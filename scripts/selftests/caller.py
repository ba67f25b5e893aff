# SPDX-License-Identifier: GPL-2.0
"""Speaks with tests/programs/caller.c, which makes calls on the module with a fault in them."""

import errno
import os
from typing import NamedTuple

import lab

PROGRAM = f"build/{os.environ.get('KERNEL', 'stock')}/caller"


class Reply(NamedTuple):
    """What became of a call."""

    error: str
    # 0 if the fault was injected; else, for a task's own faults, what is left of the count.
    left: int
    answer: str


class Caller:
    """The process that makes the calls."""

    def __init__(self) -> None:
        theirs, self._requests = os.pipe()
        self._replies, ours = os.pipe()
        # Otherwise a caller that is started later keeps these open.
        for descriptor in (self._requests, self._replies):
            os.set_inheritable(descriptor, False)
        self.process = os.fork()
        if self.process == 0:
            os.dup2(theirs, 0)
            os.dup2(ours, 1)
            os.execv(PROGRAM, [PROGRAM])
        os.close(theirs)
        os.close(ours)

    def call(self, operation: str, *arguments: str, scope: str = "task", nth: int = 0) -> Reply:
        """Makes one call, in which the nth allocation fails; 0 for none."""
        request = " ".join([scope, str(nth), operation, *arguments]) + "\n"
        os.write(self._requests, request.encode())
        head = b""
        while not head.endswith(b"\n"):
            head += self._read(1)
        error, left, size = (int(word) for word in head.split())
        answer = b""
        while len(answer) < size:
            answer += self._read(size - len(answer))
        name = errno.errorcode.get(error, str(error)) if error else "OK"
        return Reply(name, left, answer.decode())

    def write(self, name: str, command: str, scope: str = "task", nth: int = 0) -> Reply:
        """Writes a command to one of the module's files, and reads the answer without faults."""
        return self.call("write", lab.path_of(name), command, scope=scope, nth=nth)

    def _read(self, size: int) -> bytes:
        data = os.read(self._replies, size)
        if not data:
            _, status = os.waitpid(self.process, 0)
            raise AssertionError(f"{PROGRAM} ended with status {os.waitstatus_to_exitcode(status)}")
        return data

    def end(self) -> None:
        """Ends the process."""
        os.close(self._requests)
        os.close(self._replies)
        os.waitpid(self.process, 0)
