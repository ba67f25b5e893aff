# SPDX-License-Identifier: GPL-2.0
"""Rules broken on purpose: who may, what this kernel notices, and what its log then says."""

import functools
import os
import re
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import lab

HERE = os.path.dirname(os.path.abspath(__file__))
KMEMLEAK = "/sys/kernel/debug/kmemleak"
# TAINT_USER of /proc/sys/kernel/tainted.
TAINT_USER = 1 << 6
NEVER = ("kfree_of_vmalloc", "free_of_larger_order")
LANGUAGES = ("c", "rust")
# The first that is done on the kernel debug, with lockdep still on.
FIRST_LOCKDEP = ("debug", "sleep_in_interrupt", "c")
# Of the kernel's reports, with the address and the stamps left out, as the scenario tells them.
PATTERNS = lab.read_text(f"{HERE}/../lib/splats").splitlines()
SPLATS = re.compile("|".join(line for line in PATTERNS if not line.startswith("#")))


class Expected(NamedTuple):
    """A row of the table."""

    rule: str
    checks: str
    detector: str
    words: str
    sight: str


def table() -> list[Expected]:
    """What each kernel makes of each rule."""
    rows = []
    for line in lab.read_text(f"{HERE}/misuse.txt").splitlines():
        if not line.startswith("#"):
            rule, checks, noticed, sight = (cell.strip() for cell in line.split("|"))
            detector, _, words = noticed.partition(": ")
            rows.append(Expected(rule, checks, detector, words, sight))
    return rows


def tainted() -> bool:
    """Whether the kernel says that a user has done what makes its reports worthless."""
    return bool(int(lab.read_text("/proc/sys/kernel/tainted")) & TAINT_USER)


class Log:
    """The kernel's log from here on."""

    def __init__(self) -> None:
        self.descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.descriptor, 0, os.SEEK_END)

    def lines(self) -> list[str]:
        """Its lines so far, without their stamps. To be called once."""
        lines: list[str] = []
        while True:
            try:
                record = os.read(self.descriptor, 8192).decode(errors="replace")
            except BlockingIOError:
                os.close(self.descriptor)
                return lines
            except BrokenPipeError:
                # Older lines were overwritten; the next read goes on behind them.
                continue
            lines.append(record.partition(";")[2].partition("\n")[0])


def is_refused(command: str, error: str, reason: str) -> Iterator[str]:
    """A refusal, of which nothing else comes."""
    log, runs, was_tainted = Log(), lab.last_run(), tainted()
    outcome = lab.ask(command)
    if outcome.error != error or reason not in outcome.answer:
        yield f"{command}: {outcome.error}: {outcome.answer.strip()}"
    if lab.last_run() != runs:
        yield f"{command}: it ran"
    if tainted() != was_tainted:
        yield f"{command}: it tainted the kernel"
    for line in log.lines():
        if "misuse" in line and "selftest" not in line:
            yield f"{command}: logged {line}"


def all_are_refused() -> Iterator[str]:
    for rule in {row.rule for row in table()} | set(NEVER):
        for language in LANGUAGES:
            reason = (
                f"kind={rule}: breaks a rule of the kernel; load the module with allow_misuse=1"
            )
            yield from is_refused(f"misuse kind={rule} language={language}", "EPERM", reason)


def other_words_are_refused() -> Iterator[str]:
    yield from is_refused("misuse kind=borrow", "EINVAL", "kind=borrow: give list, read_after_free")
    yield from is_refused("misuse language=asm", "EINVAL", "language=asm: give c or rust")
    yield from is_refused("misuse size=1", "EINVAL", "this command takes kind language")


def listed_is_what_there_is() -> Iterator[str]:
    rows = lab.records("misuse", "safe_counterpart")
    names = [row["rule"] for row in rows]
    if set(names) != {row.rule for row in table()} | set(NEVER) or len(set(names)) != len(names):
        yield f"listed: {names}"
    if tainted():
        yield "the list taints the kernel"
    folder = f"{HERE}/../../tests/compile_fail"
    for row in rows:
        if row["proof"] is None:
            continue
        text = lab.read_text(f"{folder}/{row['proof']}.rs")
        if f"//~ {row['error']}: " not in text:
            yield f"{row['rule']}: {row['proof']} does not expect {row['error']}"


def what_no_kernel_survives() -> Iterator[str]:
    for rule in NEVER:
        for language in LANGUAGES:
            yield from is_refused(
                f"misuse kind={rule} language={language}", "EPERM", f"kind={rule}: "
            )


def where_it_would_panic(setting: str) -> Iterator[str]:
    path = f"/proc/sys/kernel/{setting}"
    before = lab.read_text(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write("1")
    try:
        yield from is_refused("misuse kind=leak", "EPERM", f"would panic, as {path} says")
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(before)


def where_it_cannot_be_known() -> Iterator[str]:
    """A process that has no /proc to look into."""
    descriptor = os.open(lab.path_of("run"), os.O_RDWR)
    child = os.fork()
    if child == 0:
        os.chroot("/sys")
        error = lab.write(descriptor, b"misuse kind=leak")
        os._exit(0 if error == "EPERM" else 1)
    status = os.waitpid(child, 0)[1]
    answer = lab.read_rest(descriptor)
    os.close(descriptor)
    if status != 0 or "/proc/sys/kernel/panic_on_warn cannot be read" not in answer:
        yield f"status {status}: {answer}"


def forget_warnings() -> None:
    """Has the kernel warn again where it does so only once."""
    with open("/sys/kernel/debug/clear_warn_once", "w", encoding="utf-8") as file:
        file.write("1")


def is_noticed(expected: Expected, language: str) -> Iterator[str]:
    """Breaks a rule; compares what the scenario tells with the table, and with the log."""
    forget_warnings()
    log = Log()
    outcome = lab.ask(f"misuse kind={expected.rule} language={language}")
    logged = log.lines()
    if outcome.error != "OK":
        yield f"{outcome.error}: {outcome.answer.strip()}"
        return
    records = lab.results()
    begin = records[0]
    if (begin["kind"], begin.get("rule")) != ("begin", expected.rule):
        yield f"the first record is {begin}"
    deed = next(record for record in records if record["kind"] == "deed")
    reports = [record for record in records if record["kind"] == "report"]
    told = [(record["by"], record["text"]) for record in reports]

    by_lockdep = ("lockdep", "inconsistent lock state") in told
    if (expected.checks, expected.rule, language) == FIRST_LOCKDEP and not by_lockdep:
        yield f"lockdep, which reports once, did not; it told {told}"
    if expected.words:
        if not any(by == expected.detector and expected.words in text for by, text in told):
            yield f"expected {expected.detector}: {expected.words}; it told {told}"
        if not any(expected.words in line and SPLATS.search(line) for line in logged) and not any(
            expected.words in line and "overwritten]" in line for line in logged
        ):
            yield f"no line of the log says '{expected.words}'"
    else:
        if (deed["noticed_by"], told) != (expected.detector, []):
            yield f"expected {expected.detector}; it told {deed['noticed_by']}: {told}"
        yield from (f"logged: {line}" for line in logged if SPLATS.search(line))
    if expected.sight not in ("*", deed["sight"]):
        yield f"expected that it sees '{expected.sight}'; it saw '{deed['sight']}'"
    if deed["memory"] not in (None, "KFENCE" if expected.checks == "kfence" else "slab"):
        yield f"the memory was of {deed['memory']}"

    said = f"misuse kind={expected.rule} language={language}: "
    own = [index for index, line in enumerate(logged) if said in line]
    beginning = "taints the kernel, and breaks a rule on purpose"
    if len(own) != 2 or beginning not in logged[own[0]]:
        yield f"the log does not say that it began and ended: {[logged[index] for index in own]}"
    elif any(SPLATS.search(line) for line in logged[: own[0]]):
        yield "the kernel complained before the log said that it would"
    if not tainted():
        yield "the kernel is not tainted"
    yield from lab.ledger()


def refused() -> None:
    lab.check(
        [
            ("without allow_misuse=1 every rule is refused", all_are_refused),
            ("words that are none are refused", other_words_are_refused),
            ("the list breaks none, and names the compiler's refusals", listed_is_what_there_is),
        ]
    )


def survived() -> None:
    lab.check(
        [
            ("what no kernel survives is refused", what_no_kernel_survives),
            *[
                (f"refused with {name}", functools.partial(where_it_would_panic, name))
                for name in ("panic_on_warn", "panic_on_oops", "warn_limit")
            ],
            ("refused where it cannot be known", where_it_cannot_be_known),
            ("no rule was broken by now", lambda: iter(["tainted"] if tainted() else [])),
        ]
    )


def broken(checks: str) -> None:
    rows = [row for row in table() if row.checks == checks]
    # What disables lockdep comes last.
    rows.sort(key=lambda row: ("sleep" not in row.rule and "spinlock" not in row.rule, row.rule))
    lab.check(
        [
            (f"{checks}: {row.rule} in {language}", functools.partial(is_noticed, row, language))
            for row in rows
            for language in LANGUAGES
        ]
        + [(f"{checks}: the slabs are sound", slabs_are_sound)]
    )


def slabs_are_sound() -> Iterator[str]:
    """Has the slab allocator look at kmalloc's. (In kmem_cache_node it always finds fault.)"""
    log = Log()
    for name in os.listdir("/sys/kernel/slab"):
        if not name.startswith("kmalloc-"):
            continue
        try:
            with open(f"/sys/kernel/slab/{name}/validate", "w", encoding="utf-8") as file:
                file.write("1")
        except OSError:
            # Slabs without slab_debug= cannot be looked at.
            continue
    yield from (f"logged: {line}" for line in log.lines() if SPLATS.search(line))


def scan() -> str:
    """What kmemleak finds: memory that is five seconds old, and unreferenced twice."""
    for seconds in (6, 0):
        with open(KMEMLEAK, "w", encoding="utf-8") as file:
            file.write("scan")
        time.sleep(seconds)
    return lab.read_text(KMEMLEAK)


def leaks_are_found() -> Iterator[str]:
    found = scan().split("unreferenced object ")[1:]
    ours = [leak for leak in found if "misuse" in leak and "[rust_memalloc]" in leak]
    # The function in C, and that in Rust, which the scenario has swallowed.
    if sorted("misuse_allocate" in leak for leak in ours) != [False, True]:
        yield from ("expected a leak in C and one in Rust; found:", *ours)
    for leak in found:
        if leak not in ours:
            yield f"another leak: {leak}"
    # The machine's own search, at its end, is for what nobody leaked on purpose.
    with open(KMEMLEAK, "w", encoding="utf-8") as file:
        file.write("clear")


def leaked() -> None:
    lab.check([("kmemleak, when asked, names both leaks and no other", leaks_are_found)])


def main() -> None:
    parts = {"refused": refused, "survived": survived, "leaked": leaked}
    if sys.argv[1] == "broken":
        broken(sys.argv[2])
    else:
        parts[sys.argv[1]]()


main()
