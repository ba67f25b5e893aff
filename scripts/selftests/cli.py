# SPDX-License-Identifier: GPL-2.0
"""The command line, as a person or a script would use it."""

import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import lab
from program import PROGRAM, Result
from program import call as call_with

# More than can be done in the time of a test.
ENDLESS = "sweep step=1 from=1 to=4096 repeat=1000000"
SECONDS = 60


def command_line(words: str) -> list[str]:
    """The program, without site-packages, which take a second to find under TCG."""
    return [sys.executable, "-S", "-B", PROGRAM, *words.split()]


def call(words: str) -> Result:
    """Calls the program."""
    return call_with(*words.split())


def expected(
    result: Result, status: int, out: Sequence[str] = (), err: Sequence[str] = ()
) -> Iterator[str]:
    """What a call should have left behind."""
    if result.status != status:
        yield f"status {result.status}, and not {status}: {result.err.strip()}"
    for part in out:
        if part not in result.out:
            yield f"'{part}' is not in the output: {result.out[-300:]}"
    for part in err:
        if part not in result.err:
            yield f"'{part}' is not among the errors: {result.err[-300:]}"


def names() -> list[str]:
    """The scenarios, by another way."""
    return [line.split(":")[0] for line in lab.read("scenarios").splitlines() if line[:1].isalpha()]


def list_tells_all() -> Iterator[str]:
    result = call("list")
    yield from expected(result, 0)
    if [line.split()[0] for line in result.out.splitlines()] != names():
        yield f"not {names()}: {result.out}"


def explain_tells_every_parameter() -> Iterator[str]:
    for name in names():
        result = call(f"explain {name}")
        text = lab.read("scenarios").split(f"\n{name}: ")[-1].split("\n\n")[0]
        keys = [line.split("  ")[2].strip() for line in text.splitlines() if line[:4] == " " * 4]
        yield from expected(result, 0, [f"{name}: ", *keys])


def explain_helps_with_mistakes() -> Iterator[str]:
    yield from expected(call("explain prob"), 1, err=["did you mean probe"])


def run_prints_the_answer() -> Iterator[str]:
    result = call("run probe allocator=kmalloc size=100 count=3")
    yield from expected(result, 0, ["requested bytes         100", "outstanding"])
    if result.out != lab.read("report"):
        yield "it is not what 'report' says"


def run_prints_json_lines() -> Iterator[str]:
    result = call("run --json orders")
    yield from expected(result, 0)
    kinds = [json.loads(line)["kind"] for line in result.out.splitlines()]
    if kinds != ["begin", *["order"] * (len(kinds) - 2), "end"] or len(kinds) < 5:
        yield f"records {kinds}"


def refusals_tell_the_reason() -> Iterator[str]:
    for words, reason in (
        ("run nothing", "unknown scenario 'nothing'"),
        ("run prbe", "; did you mean probe?"),
        ("run probe size=0", "size=0"),
        ("run probe colour=red", "unknown key 'colour'"),
        ("run --json probe size=9223372036854775807", "at most"),
        ("run probe size", "'size' is not key=value"),
    ):
        result = call(words)
        yield from expected(result, 1, err=[reason])
        if result.out:
            yield f"{words}: output: {result.out}"


def wrong_use_is_told_apart() -> Iterator[str]:
    for words in ("", "free", "choose --size -1", "unknown"):
        yield from expected(call(words), 2, err=["usage:"])
    yield from expected(call("malloc bogus=1"), 2, err=["malloc takes"])


def no_laboratory_is_told_apart() -> Iterator[str]:
    told = ["not loaded", "scripts/vm -- scripts/memalloc"]
    yield from expected(call("--directory /nonexistent run probe"), 3, err=told)


def interrupted(words: str) -> Result:
    """Calls the program, and interrupts it when its run is under way."""
    program = subprocess.Popen(
        command_line(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + SECONDS
    while lab.read("progress") == "idle\n" and time.monotonic() < deadline:
        time.sleep(0.05)
    # So that there is a part of an answer.
    time.sleep(0.5)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=SECONDS)
    return Result(program.returncode, out, err)


def an_interrupt_ends_the_run() -> Iterator[str]:
    result = interrupted(f"run {ENDLESS}")
    yield from expected(
        result, 130, ["run ", "stopped: cancelled by a signal", "0 outstanding"], ["cancelled"]
    )
    if "Traceback" in result.err:
        yield result.err
    yield from lab.ledger()


def an_interrupt_leaves_json_lines() -> Iterator[str]:
    result = interrupted(f"run --json {ENDLESS}")
    yield from expected(result, 130)
    last = json.loads(result.out.splitlines()[-1])
    if (last["kind"], last["status"]) != ("end", "cancelled"):
        yield f"the last record is {last}"


def a_terminal_gets_a_bar() -> Iterator[str]:
    controller, terminal = pty.openpty()
    program = subprocess.Popen(
        command_line(f"run {ENDLESS}"), stdout=subprocess.DEVNULL, stderr=terminal
    )
    os.close(terminal)
    seen = b""
    deadline = time.monotonic() + SECONDS
    while b"%" not in seen and time.monotonic() < deadline:
        seen += os.read(controller, 1000)
    program.send_signal(signal.SIGINT)
    status = program.wait(SECONDS)
    if b"sweep: [" not in seen or status != 130:
        yield f"status {status}, and on the terminal {seen!r}"


def held_is_changed() -> Iterator[str]:
    yield from expected(call("hold one allocator=vmalloc size=1M count=2"), 0, ["one", "vmalloc"])
    yield from expected(call("hold two"), 0, ["one", "two"])
    yield from expected(call("hold one"), 1, err=["is held already"])
    yield from expected(call("held"), 0, ["one", "two"])
    if "name=" in call("held").out:
        yield "the syntax is told, too"
    yield from expected(call("hold three"), 0, ["three"])
    yield from expected(call("free one three"), 0, ["two"])
    yield from expected(call("free one"), 1, err=["is not held"])
    yield from expected(call("free --all"), 0)
    if "two" in call("held").out:
        yield "two is still held"
    yield from lab.ledger()


def watch_shows_what_goes_on() -> Iterator[str]:
    call("hold watched")
    result = call("watch --count 2 --interval 0.1")
    call("free --all")
    yield from expected(result, 0, ["no run is under way", "watched", "max_live_bytes"])
    if result.out.count("max_live_bytes") != 2:
        yield result.out


def results_are_tables() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir="/run") as folder:
        path = Path(folder, "a.jsonl")
        for command in ("compare", "claims", "probe", "orders"):
            lab.ask(command)
            with path.open("a", encoding="utf-8") as file:
                file.write(lab.read("results"))
        result = call(f"results {path}")
        parts = ["compare", "kmalloc-max-128k", "requested", "order  pages", "complete"]
        yield from expected(result, 0, [part for part in parts if part != "requested"])
        yield from expected(call(f"results {path} {path}"), 0, [f"==> {path} <=="])
        advice = call(f"choose --size 4k --results {path}")
        yield from expected(advice, 0, ["allocator  kmalloc", "a.jsonl, kernel "])


def results_that_are_none() -> Iterator[str]:
    yield from expected(
        call("results /proc/cpuinfo"), 1, err=["not JSON Lines: /proc/cpuinfo, line 1"]
    )
    yield from expected(call("results /nonexistent"), 1, err=["/nonexistent"])


def results_without_a_file_are_those_of_the_last_run() -> Iterator[str]:
    lab.ask("orders")
    yield from expected(call("results"), 0, [f"run {lab.last_run()}: orders", "order  pages"])


def environment_and_stats_are_objects() -> Iterator[str]:
    for name, members in (
        ("environment", {"kernel", "page_bytes", "CONFIG_NUMA"}),
        ("stats", {"max_live_bytes", "allocators"}),
    ):
        if call(name).out != lab.read(name):
            yield f"{name} is not what the file says"
        result = call(f"{name} --json")
        yield from expected(result, 0)
        if missing := members - json.loads(result.out).keys():
            yield f"{name} lacks {missing}: {result.out}"


def advice_is_measured() -> Iterator[str]:
    for words, allocator in (
        ("--size 100", "kmalloc"),
        ("--size 100k", "kvmalloc"),
        ("--size 8M", "vmalloc"),
        ("--size 20k --contiguous --zero", "pages"),
        ("--size 100k --context atomic --lifetime user", "kvmalloc"),
    ):
        result = call(f"choose {words}")
        yield from expected(result, 0, [f"allocator  {allocator}", "this machine"])
        rows = [line.split() for line in result.out.splitlines()]
        if not any(row[:1] == [allocator] and "/64" in row[3] for row in rows if len(row) > 4):
            yield f"{words}: {result.out}"


def the_impossible_is_refused() -> Iterator[str]:
    yield from expected(call("choose --size 1024G"), 1, err=["the machine has"])


def questions_are_asked_on_a_terminal() -> Iterator[str]:
    yield from expected(call("choose"), 2, err=["--size is missing"])
    controller, terminal = pty.openpty()
    program = subprocess.Popen(
        command_line("choose --no-measure"), stdin=terminal, stdout=subprocess.PIPE, text=True
    )
    os.close(terminal)
    os.write(controller, b"64k\natomic\nno\nyes\nkernel\n")
    out, _ = program.communicate(timeout=SECONDS)
    if program.returncode or "kvzalloc(65536, GFP_ATOMIC)" not in out:
        yield f"status {program.returncode}: {out}"


def completion_knows_the_module() -> Iterator[str]:
    yield from expected(call("complete -- r"), 0, ["run\n", "results\n"])
    yield from expected(call("complete -- run or"), 0, ["orders\n"])
    yield from expected(call("complete -- run probe siz"), 0, ["size=\n"])
    yield from expected(call("complete -- hold a zero="), 0, ["zero=yes\nzero=no\n"])


def a_closed_pipe_is_no_trouble() -> Iterator[str]:
    program = subprocess.Popen(
        command_line("list"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout and program.stderr
    program.stdout.close()
    errors = program.stderr.read()
    # As if SIGPIPE had ended it.
    if program.wait(SECONDS) != 141 or errors:
        yield f"status {program.returncode}: {errors}"


lab.check(
    [
        ("list tells every scenario", list_tells_all),
        ("explain tells every parameter", explain_tells_every_parameter),
        ("explain helps with mistakes", explain_helps_with_mistakes),
        ("run prints the answer", run_prints_the_answer),
        ("run --json prints JSON Lines", run_prints_json_lines),
        ("a refusal tells the reason, and fails", refusals_tell_the_reason),
        ("a wrong command line has a status of its own", wrong_use_is_told_apart),
        ("no laboratory has a status of its own", no_laboratory_is_told_apart),
        ("an interrupt ends the run, and shows what there is", an_interrupt_ends_the_run),
        ("an interrupt leaves whole JSON Lines", an_interrupt_leaves_json_lines),
        ("a terminal gets a bar", a_terminal_gets_a_bar),
        ("memory is held and freed", held_is_changed),
        ("watch shows what goes on", watch_shows_what_goes_on),
        ("results files are shown as tables", results_are_tables),
        ("other files are refused", results_that_are_none),
        (
            "without a file there are the last results",
            results_without_a_file_are_those_of_the_last_run,
        ),
        ("environment and stats are objects, too", environment_and_stats_are_objects),
        ("advice comes with measurements", advice_is_measured),
        ("what cannot be is refused", the_impossible_is_refused),
        ("choose asks on a terminal only", questions_are_asked_on_a_terminal),
        ("completion knows the module", completion_knows_the_module),
        ("a closed pipe is no trouble", a_closed_pipe_is_no_trouble),
    ]
)
