# SPDX-License-Identifier: GPL-2.0
"""Many processes use everything at random: nothing is lost, and each answer is its own."""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import lab

PROCESSES = 32
# What a process does until the time is over, it does at least so often.
LEAST_ROUNDS = 3
RUN = re.compile(r"run (\d+): ([a-z]+)\n")
REQUESTED = re.compile(r"^requested bytes +(\d+)$", re.MULTILINE)
ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages")


class Member:
    """One of the crowd: what it did, and what it complains of."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._choice = random.Random(number)
        self._held: dict[str, int] = {}
        self.run_ids: list[int] = []
        self.problems: list[str] = []

    def use(self, end: float) -> None:
        """Does one thing after the other until the time is over, and frees all that it holds."""
        deeds: tuple[Callable[[], None], ...] = (
            self._probe,
            self._probe,
            self._sweep,
            self._refused,
            self._hold,
            self._free,
            self._read,
        )
        rounds = 0
        while (time.monotonic() < end or rounds < LEAST_ROUNDS) and len(self.problems) < 5:
            self._choice.choice(deeds)()
            rounds += 1
        for name in list(self._held):
            self._free_name(name)

    def _run(self, command: str, scenario: str) -> str:
        outcome = lab.ask(command)
        told = RUN.match(outcome.answer)
        last = (outcome.answer.splitlines() or [""])[-1]
        if outcome.error != "OK" or not told or not last.startswith("complete: "):
            self.problems.append(f"{command}: {outcome}")
            return ""
        if told.group(2) != scenario:
            self.problems.append(f"{command}: the answer is of {told.group(2)}")
        self.run_ids.append(int(told.group(1)))
        return outcome.answer

    def _probe(self) -> None:
        size = self._choice.randrange(1, 20000)
        allocator = self._choice.choice(ALLOCATORS)
        answer = self._run(f"probe allocator={allocator} size={size}", "probe")
        if answer and REQUESTED.findall(answer) != [str(size)]:
            self.problems.append(f"size={size}: another's answer: {answer!r}")

    def _sweep(self) -> None:
        self._run(f"sweep from=1 to={self._choice.randrange(100, 5000)}", "sweep")

    def _refused(self) -> None:
        word = f"no{self._choice.randrange(10**9)}"
        outcome = lab.ask(word)
        if outcome.error != "EINVAL" or word not in outcome.answer:
            self.problems.append(f"{word}: {outcome}")

    def _hold(self) -> None:
        name = f"p{self._number}_{len(self._held)}"
        if len(self._held) >= 4 or name in self._held:
            return
        size = self._choice.randrange(1, 20000)
        allocator = self._choice.choice(ALLOCATORS)
        outcome = lab.hold(f"alloc name={name} allocator={allocator} size={size} count=3")
        if outcome.error != "OK":
            self.problems.append(f"hold {name}: {outcome}")
            return
        self._held[name] = size
        self._compare_held(outcome.answer)

    def _free(self) -> None:
        if self._held:
            self._free_name(self._choice.choice(list(self._held)))

    def _free_name(self, name: str) -> None:
        outcome = lab.hold(f"free name={name}")
        del self._held[name]
        if outcome.error != "OK":
            self.problems.append(f"free {name}: {outcome}")
        self._compare_held(outcome.answer)

    def _compare_held(self, table: str) -> None:
        """Of the others' names there may be any, of its own just those that it holds."""
        rows = [line.split() for line in table.splitlines()]
        mine = sorted(row[0] for row in rows if row and row[0].startswith(f"p{self._number}_"))
        if mine != sorted(self._held):
            self.problems.append(f"{sorted(self._held)} are held, and the table has {mine}")

    def _read(self) -> None:
        name = self._choice.choice(lab.DOCUMENTS)
        text = lab.read(name)
        if not text.endswith("\n"):
            self.problems.append(f"{name}: {text!r}")
        if name == "results":
            for line in text.splitlines():
                json.loads(line)


def crowd(processes: int, seconds: float) -> list[dict[str, Any]]:
    """What each of them did, as it tells at its end."""
    end = time.monotonic() + seconds
    children = []
    for number in range(processes):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            member = Member(number)
            try:
                member.use(end)
            except Exception as error:  # To be told by the parent.
                member.problems.append(f"{type(error).__name__}: {error}")
            with os.fdopen(theirs, "w") as pipe:
                json.dump({"run_ids": member.run_ids, "problems": member.problems}, pipe)
            os._exit(0)
        os.close(theirs)
        children.append((child, ours))
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 30))
        if left > 30:
            print(f"# {processes} processes: {int(left)} s left, run {lab.last_run()}", flush=True)
    told: list[dict[str, Any]] = []
    for child, ours in children:
        text = lab.read_rest(ours)
        os.close(ours)
        _, status = os.waitpid(child, 0)
        if status or not text:
            told.append({"run_ids": [], "problems": [f"a process ended with {status}"]})
        else:
            told.append(json.loads(text))
    return told


def nothing_is_lost() -> Iterator[str]:
    seconds = lab.scaled(600, 15, "seconds of a crowd")
    processes = lab.scaled(PROCESSES, 12, "processes in it")
    # So that there is something to read from the start.
    lab.records("probe", "end")
    before = lab.last_run()
    told = crowd(processes, seconds)
    for number, one in enumerate(told):
        for problem in one["problems"]:
            yield f"process {number}: {problem}"
    run_ids = sorted(run_id for one in told for run_id in one["run_ids"])
    print(f"# {processes} processes had {len(run_ids)} runs in {seconds} s", flush=True)
    if not run_ids:
        yield "there was no run"
    # One after the other, each somebody's, and no two of them the same.
    if run_ids != list(range(before + 1, before + 1 + len(run_ids))):
        yield f"{len(run_ids)} runs after {before}, numbered {run_ids[:5]} to {run_ids[-5:]}"
    if lab.last_run() != before + len(run_ids):
        yield f"the last run is {lab.last_run()} after {before} and {len(run_ids)} of the crowd"
    if (held := lab.read("held").split("\n\n", maxsplit=1)[0]).count("\n"):
        yield f"something is still held: {held}"
    yield from lab.ledger()


lab.check([("nothing is lost, and each answer is its own", nothing_is_lost)])
