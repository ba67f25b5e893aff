# SPDX-License-Identifier: GPL-2.0
"""Lets every allocation fail once: in each scenario, in `held`, in each file, on loading.

Each time there has to be an errno, or a correct and complete result: the kernel has other ways for
some allocations. Then nothing is outstanding, and what comes next is as always.
"""

import contextlib
import functools
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import claims
import lab
from caller import Caller, Reply

HERE = os.path.dirname(os.path.abspath(__file__))
# More than any run allocates.
NEVER = 1 << 31
# How long one command's faults may take where they cannot all be tried: the number of rounds is
# chosen by it, and nothing else.
SECONDS_EACH = 5.0
FAULTS = "/sys/kernel/debug"
LOST = "no answer: the command did not arrive, or there was no memory\n"
STOPPED = re.compile(r"stopped: .*; after \d+ allocations, 0 outstanding, \d+ ms")
# The scenarios whose own threads allocate.
WITH_THREADS = (
    "latency pattern=remote warmup=10 operations=50 count=10",
    "scale warmup=10 operations=50 count=10",
)

# Which faults are tried where there is no time for all.
choice = random.Random(int(os.environ.get("TEST_SEED", "1")))
caller = Caller()
injected: Counter[str] = Counter()


class Usual(NamedTuple):
    """What a command gives without faults."""

    seconds: float
    records: list[lab.Record]


# --- What came of a call ---

# What a record of each kind says whatever way the kernel took: a fallback changes where memory
# lies, but not which question was asked, nor what the answer is. Of other kinds the number counts.
# What was seen of a flag does not count: it depends on which memory is free at the moment.
SAID: dict[str, tuple[str, ...]] = {
    "allocation": ("allocator", "size_bytes"),
    "series": ("size_bytes", "allocator", "outcome"),
    "totals": ("asked", "allocated", "verified", "outcome"),
    "summary": ("allocator", "contiguity_promised"),
    "order": ("order", "pages", "allocated", "outcome"),
    "class": ("usable_bytes", "first_bytes", "last_bytes", "worst_waste_percent"),
    "worst": ("size_bytes", "usable_bytes"),
    "limit": ("allocator", "largest_bytes", "refused_bytes", "limited_by"),
    "resize": ("allocator", "old_bytes", "size_bytes", "contents_kept", "outcome"),
    "copy": ("function", "source_bytes", "copy_bytes", "equal", "terminated", "outcome"),
    "product": ("count", "element_bytes", "overflows", "unchecked_bytes", "checked"),
    "unwinding": ("fails", "built", "freed", "freed_in_order", "reverse_order"),
    "packing": ("size_bytes", "from", "count", "usable_bytes"),
    "call": ("place", "allocator", "gfp", "done", "outcome"),
    "flag": ("flag", "looked_at", "allocator"),
    "mask": ("gfp",),
    "placement": ("node", "state", "allocator", "gfp", "allocated", "outcome"),
    "blocks": ("order", "size_bytes"),
    "large": ("size_bytes",),
    "claim": ("id", "verdict"),
    "end": ("status", "outstanding"),
}
# How many there are of these depends on where memory lies, or on the way to the answer.
COUNTLESS = ("physical_run", "attempt")
# Words by which a record says that memory could not be had.
ADMITS = re.compile(r"no memory|not_measured|memory$")
Said = tuple[str, ...]


def admits(record: lab.Record) -> bool:
    """Whether a record says that there was no memory."""
    return any(isinstance(value, str) and ADMITS.search(value) for value in record.values())


@functools.cache
def right_verdicts() -> dict[str, list[str]]:
    """Of each claim those that are right here: several where the machine decides."""
    table = claims.expectations(f"{HERE}/claims.txt")
    return {claim: row.verdicts for claim, row in table.items()}


def told(record: lab.Record, key: str) -> str:
    """What a record says; of verdicts that are as right as each other, all."""
    value = str(record.get(key))
    if (record["kind"], key) == ("claim", "verdict"):
        right = right_verdicts()[record["id"]]
        return "|".join(right) if value in right else value
    return value


def said(records: list[lab.Record]) -> Counter[Said]:
    """What the records say, but for those that say that there was no memory."""
    return Counter(
        (record["kind"], *(told(record, key) for key in SAID.get(record["kind"], ())))
        for record in records
        if record["kind"] not in COUNTLESS and not admits(record)
    )


def differences(got: list[lab.Record], usual: list[lab.Record]) -> Iterator[str]:
    """Where a complete result says something else than usual. It may say less, and that it does."""
    if added := said(got) - said(usual):
        yield f"not as usual: {', '.join(' '.join(words) for words in added)}"
    if not any(admits(record) for record in got) and (lost := said(usual) - said(got)):
        yield f"missing: {', '.join(' '.join(words) for words in lost)}"


def judge(reply: Reply, before: int, usual: Usual) -> Iterator[str]:
    """All that speaks against what came of a command of `run`."""
    records = lab.results()
    report = lab.read("report")
    if reply.error == "OK":
        end = records[-1]
        if (end["kind"], end["status"], end["run"]) != ("end", "complete", before + 1):
            yield f"OK, but the last record is {end}"
        if reply.answer != report:
            yield "OK, but the answer is another than that in report"
        yield from differences(records, usual.records)
    elif reply.error != "ENOMEM":
        yield f"{reply.error}: {reply.answer!r}"
    elif reply.answer == LOST:
        if lab.last_run() != before:
            yield f"no answer, but a run: {records[-1]}"
    elif STOPPED.fullmatch(reply.answer.rstrip("\n").splitlines()[-1]):
        if reply.answer != report or lab.last_run() != before + 1:
            yield f"stopped, but report and results have another answer: {report!r}"
        if records[-1]["kind"] != "end" or records[-1]["outstanding"] != 0:
            yield f"stopped, but the last record is {records[-1]}"
    elif not reply.answer.startswith("refused: "):
        yield f"ENOMEM, and a strange answer: {reply.answer!r}"
    yield from lab.ledger()


# --- Which allocations fail ---


def chosen(total: int, seconds: float) -> list[int]:
    """Which of `total` allocations fail: all, or as many as there is time for."""
    rounds = total if lab.IS_FULL else max(4, int(SECONDS_EACH / max(seconds, 0.001)))
    if rounds >= total:
        return list(range(1, total + 1))
    first = rounds // 2
    others = choice.sample(range(first + 1, total), rounds - first - 1)
    return [*range(1, first + 1), *sorted(others), total]


class Tally:
    """Counts the faults of one command."""

    def __init__(self, what: str, total: int, rounds: int) -> None:
        self._what, self._total, self._rounds = what, total, rounds
        self._progress = lab.Progress(what, rounds)
        self._injected = 0

    def add(self, reply: Reply) -> None:
        """A round is done."""
        if reply.left == 0:
            self._injected += 1
            injected[self._what.split()[0]] += 1
        self._progress.step()

    def end(self) -> Iterator[str]:
        """Says what was done; that nothing was is a problem."""
        part = "" if self._rounds >= self._total else f", of {self._total} that there are"
        print(f"# {self._what}: {self._injected} allocations failed{part}", flush=True)
        if not self._injected:
            yield "no fault was injected"


def each(
    what: str,
    call: Callable[[int], Reply],
    check: Callable[[int, Reply], Iterable[str]],
) -> Iterator[str]:
    """Lets allocations fail, one a call, and checks what came of each."""
    started = time.monotonic()
    reply = call(NEVER)
    total = NEVER - reply.left
    seconds = time.monotonic() - started
    for problem in check(0, reply):
        yield f"without a fault: {problem}"
    numbers = chosen(total, seconds)
    tally = Tally(what, total, len(numbers))
    for nth in numbers:
        reply = call(nth)
        tally.add(reply)
        for problem in check(nth, reply):
            yield f"allocation {nth} of {total}: {problem}"
    yield from tally.end()


# --- Runs ---


def usually(command: str) -> Usual:
    """Runs a command without faults, twice: the first fills caches."""
    for _ in range(2):
        started = time.monotonic()
        reply = caller.write("run", command)
        seconds = time.monotonic() - started
        if reply.error != "OK":
            raise AssertionError(f"{command}: {reply}")
    return Usual(seconds, lab.results())


def goes_on() -> Iterator[str]:
    """A run without faults is as always."""
    before = lab.last_run()
    reply = caller.write("run", "probe size=100")
    if reply.error != "OK" or "complete: 1 allocations, 0 outstanding" not in reply.answer:
        yield f"the next run: {reply}"
    if lab.last_run() <= before:
        yield f"the next run has the number {lab.last_run()} after {before}"


def run_with_faults(command: str) -> Iterator[str]:
    usual = usually(command)
    before = 0

    def call(nth: int) -> Reply:
        nonlocal before
        before = lab.last_run()
        return caller.write("run", command, nth=nth)

    def check(_nth: int, reply: Reply) -> Iterator[str]:
        yield from judge(reply, before, usual)
        yield from goes_on()

    yield from each(command, call, check)


def threads_with_faults(command: str) -> Iterator[str]:
    """The same for what others allocate meanwhile: the module's threads, and who makes them."""
    usual = usually(command)
    with global_faults():
        for scope in ("slab", "pages"):
            yield from threads_in_scope(command, scope, usual)


def threads_in_scope(command: str, scope: str, usual: Usual) -> Iterator[str]:
    limit = NEVER if lab.IS_FULL else max(4, int(SECONDS_EACH / max(usual.seconds, 0.001)))
    failed = nth = 0
    while nth < limit:
        nth += 1
        before = lab.last_run()
        reply = caller.write("run", command, scope=scope, nth=nth)
        for problem in (*judge(reply, before, usual), *goes_on()):
            yield f"{scope} {nth}: {problem}"
        if reply.left:
            break
        failed += 1
    injected[command.split()[0]] += failed
    print(f"# {command}: {failed} allocations of {scope} of others failed", flush=True)
    if scope == "slab" and not failed:
        yield "no fault was injected"


@contextlib.contextmanager
def global_faults() -> Iterator[None]:
    """Switches on the attributes that reach every task; their `times` says when."""
    attributes = [f"{FAULTS}/{name}" for name in ("failslab", "fail_page_alloc")]
    try:
        for attribute in attributes:
            lab.write_text(f"{attribute}/times", "0")
            lab.write_text(f"{attribute}/probability", "100")
        yield
    finally:
        for attribute in attributes:
            lab.write_text(f"{attribute}/times", "0")
            lab.write_text(f"{attribute}/probability", "0")
            lab.write_text(f"{attribute}/interval", "1")


# --- What is held ---


def held_names() -> dict[str, str]:
    """What is held: the count of each name."""
    lines = lab.read("held").split("\n\n")[0].splitlines()[1:]
    return {line.split()[0]: line.split()[4] for line in lines}


def hold_with_faults(allocator: str) -> Iterator[str]:
    """All is held, and said so; or nothing is."""

    def call(nth: int) -> Reply:
        command = f"alloc name=fault allocator={allocator} size=20000 count=3"
        return caller.write("held", command, nth=nth)

    def check(_nth: int, reply: Reply) -> Iterator[str]:
        held = held_names()
        told = "fault" in reply.answer or "no memory for more of the table" in reply.answer
        if reply.error == "OK" and (held != {"fault": "3"} or not told):
            yield f"OK, and held is {held}: {reply.answer!r}"
        if reply.error != "OK" and (reply.error != "ENOMEM" or held):
            yield f"{reply}, and held is {held}"
        caller.write("held", "free all")
        yield from lab.ledger()

    yield from each(f"held: alloc allocator={allocator}", call, check)


def free_with_faults() -> Iterator[str]:
    """It is freed, and said so; or it is still there."""

    def call(nth: int) -> Reply:
        caller.write("held", "alloc name=fault allocator=kvmalloc size=20000 count=3")
        return caller.write("held", "free name=fault", nth=nth)

    def check(_nth: int, reply: Reply) -> Iterator[str]:
        held = held_names()
        if (reply.error, held) not in (("OK", {}), ("ENOMEM", {"fault": "3"})):
            yield f"{reply}, and held is {held}"
        caller.write("held", "free all")
        yield from lab.ledger()

    yield from each("held: free", call, check)


# --- Files ---


def open_with_faults() -> Iterator[str]:
    for name in lab.FILES:

        def call(nth: int, name: str = name) -> Reply:
            return caller.call("open", lab.path_of(name), nth=nth)

        def check(_nth: int, reply: Reply, name: str = name) -> Iterator[str]:
            if reply.error not in ("OK", "ENOMEM"):
                yield f"{name}: {reply.error}"
            if caller.call("open", lab.path_of(name)).error != "OK":
                yield f"{name}: it cannot be opened afterwards"

        yield from each(f"open {name}", call, check)


def read_with_faults() -> Iterator[str]:
    for name in lab.FILES:
        command = "probe size=100" if name == "run" else ""
        expected = lab.read(name)

        def call(nth: int, name: str = name, command: str = command) -> Reply:
            return caller.call("read", lab.path_of(name), command, nth=nth)

        # The first time may allocate what then stays.
        for _ in range(2):
            reply = call(NEVER)
        if reply.error != "OK" or (not command and reply.answer != expected):
            yield f"{name}: {reply.error}, {reply.answer!r}"
        allocations, failed = NEVER - reply.left, 0
        for nth in range(1, allocations + 1):
            reply = call(nth)
            failed += reply.left == 0
            if reply.error not in ("OK", "ENOMEM"):
                yield f"{name}: {reply.error}"
        injected["read"] += failed
        print(f"# read {name}: {failed} of {allocations} allocations failed", flush=True)
        if allocations and not failed:
            yield f"{name}: no fault was injected"


# --- The module ---


def load_with_faults() -> Iterator[str]:
    """It is loaded, with its files or, since debugfs never fails a load, without; or it is not."""
    parameters = lab.module_parameters()

    def call(nth: int) -> Reply:
        if os.path.isdir("/sys/module/rust_memalloc"):
            caller.call("unload", "rust_memalloc")
        return caller.call("load", lab.MODULE, parameters, nth=nth)

    def check(_nth: int, reply: Reply) -> Iterator[str]:
        is_loaded = os.path.isdir("/sys/module/rust_memalloc")
        has_files = os.path.isdir(lab.LAB)
        if reply.error == "OK" and not is_loaded:
            yield "OK, but it is not there"
        if reply.error != "OK" and (is_loaded or has_files):
            yield f"{reply.error}, but something of it is there"
        if reply.error not in ("OK", "ENOMEM"):
            yield f"{reply.error}"
        if has_files and sorted(os.listdir(lab.LAB)) != sorted(lab.FILES):
            yield f"there are files missing: {os.listdir(lab.LAB)}"
        if has_files:
            yield from goes_on()

    yield from each("load", call, check)
    if not os.path.isdir(lab.LAB):
        call(0)


def table() -> list[str]:
    """The commands: those of the file, and every scenario that is not in it by its name."""
    lines = lab.read_text(f"{HERE}/fail_nth.txt").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    named = {command.split()[0] for command in commands}
    return commands + [name for name in lab.scenario_names() if name not in named]


def cases() -> Iterator[tuple[str, lab.Case]]:
    for command in table():
        yield command, functools.partial(run_with_faults, command)
    for command in WITH_THREADS:
        yield f"threads: {command}", functools.partial(threads_with_faults, command)
    for allocator in ("kmalloc", "vmalloc", "kvmalloc", "pages"):
        yield f"held: alloc, {allocator}", functools.partial(hold_with_faults, allocator)
    yield "held: free", free_with_faults
    yield "every file is opened", open_with_faults
    yield "every file is read", read_with_faults
    yield "the module is loaded", load_with_faults


if lab.argument(1, "") == "--count":
    print(len(list(cases())))
else:
    only = lab.argument(1, "")
    lab.check([case for case in cases() if case[0].startswith(only)])
    print(f"# {injected.total()} faults injected", flush=True)
caller.end()
