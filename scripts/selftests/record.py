# SPDX-License-Identifier: GPL-2.0
"""Experiments, as somebody would record them on the machine that is measured."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import lab
from program import PROGRAM, Result, call

# More than can be done in the time of a test.
ENDLESS = "sweep step=1 from=1 to=4096 repeat=1000000"
SHORT = "sweep allocator=kmalloc from=64 to=64 count=2"
RUNS = ("compare to=1k", "orders count=1", "malloc to=64 repeat=1")
SECONDS = 240 * lab.SLOWNESS

temporary = tempfile.TemporaryDirectory(dir="/run")
FOLDER = Path(temporary.name)


def expected(result: Result, status: int, parts: Sequence[str] = ()) -> Iterator[str]:
    """What a call should have left behind."""
    if result.status != status:
        yield f"status {result.status}, and not {status}: {result.err.strip()}"
    for part in parts:
        if part not in result.out + result.err:
            yield f"'{part}' is not there: {result.out[-500:]}{result.err[-500:]}"


def each_run(*commands: str) -> list[str]:
    """The options that name commands."""
    return [word for command in commands for word in ("--run", command)]


def about(name: str, file: str = "experiment.json") -> dict[str, Any]:
    """What is written down of an experiment."""
    found: dict[str, Any] = json.loads((FOLDER / name / file).read_text())
    return found


def recorded(name: str) -> list[dict[str, Any]]:
    """The first record of each run, in the order of the runs."""
    files = sorted((FOLDER / name / "runs").glob("*.jsonl"))
    return [json.loads(file.read_text().splitlines()[0]) for file in files]


def a_set_of_runs_is_recorded() -> Iterator[str]:
    before = lab.last_run()
    result = call("record", f"{FOLDER}/a", "--repeat", "2", *each_run(*RUNS))
    yield from expected(result, 0, ["6 runs, 2 of each command"])
    runs = recorded("a")
    if Counter(one["scenario"] for one in runs) != {"compare": 2, "orders": 2, "malloc": 2}:
        yield f"{runs}"
    numbers = [one["run"] for one in runs if one["scenario"] != "malloc"]
    if numbers != list(range(before + 1, before + 5)):
        yield f"runs {numbers}, and not those from {before + 1} on"
    if about("a")["state"] != "complete":
        yield f"{about('a')}"


def what_is_kept_is_what_the_module_said() -> Iterator[str]:
    number = lab.last_run()
    kept = [file.read_text() for file in (FOLDER / "a" / "runs").glob("*.jsonl")]
    if lab.read("results") not in kept:
        yield f"the results of run {number} are not among those that were kept"
    texts = [file.read_text() for file in (FOLDER / "a" / "runs").glob("*.txt")]
    if lab.read("report") not in texts:
        yield f"the report of run {number} is not among those that were kept"


def the_environment_is_kept() -> Iterator[str]:
    kept = about("a", "environment.json")
    for found, wanted in (
        (kept["kernel"]["release"], os.uname().release),
        (kept["kernel"]["cmdline"], lab.read_text("/proc/cmdline").strip()),
        (kept["boot_id"], lab.read_text("/proc/sys/kernel/random/boot_id").strip()),
        (kept["module"]["module"], lab.read("version").split()[-1]),
        (kept["cpu"]["online"], lab.read_text("/sys/devices/system/cpu/online").strip()),
    ):
        if found != wanted:
            yield f"'{found}', and not '{wanted}'"
    told = dict(line.split(" ", 1) for line in lab.read("environment").splitlines())
    if kept["module"]["environment"] != told:
        yield f"{kept['module']['environment']}"
    # Where the kernel's configuration can be read at all, both have to say the same.
    for name, value in kept["kernel"]["config"].items():
        if value in ("y", "n") and told.get(name, value) != value:
            yield f"{name} is {value} in {kept['kernel']['config_source']}, and {told[name]} here"


def malloc_has_page_frames() -> Iterator[str]:
    for file in (FOLDER / "a" / "runs").glob("*-malloc.jsonl"):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        for row in rows:
            if row["kind"] == "malloc" and (row["runs_max"] is None or row["outcome"] != "ok"):
                yield f"{row}"


def an_experiment_is_repeated() -> Iterator[str]:
    yield from expected(call("replay", f"{FOLDER}/a", f"{FOLDER}/b"), 0, ["6 runs"])
    if [one["scenario"] for one in recorded("a")] != [one["scenario"] for one in recorded("b")]:
        yield f"{recorded('b')}"
    if about("b")["replay_of"] != f"{FOLDER}/a":
        yield f"{about('b')}"


def two_rounds_tell_nothing() -> Iterator[str]:
    result = call("compare", f"{FOLDER}/a", f"{FOLDER}/b")
    yield from expected(result, 1, ["NOTHING COULD BE TOLD", "0 worse (R), 0 better (I)"])


def what_got_slower_is_found() -> Iterator[str]:
    result = call("record", f"{FOLDER}/c", "--repeat", "6", "--run", SHORT)
    yield from expected(result, 0)
    for name, factor, status in (("same", 1, 0), ("slow", 1000, 4)):
        shutil.copytree(FOLDER / "c", FOLDER / name)
        for file in (FOLDER / name / "runs").glob("*.jsonl"):
            slow_down(file, factor)
        result = call("compare", f"{FOLDER}/c", f"{FOLDER}/{name}")
        yield from expected(result, status)
    yield from expected(result, 4, ["2 worse (R), 0 better (I), 1 without a difference"])
    yield from expected(call("compare", f"{FOLDER}/slow", f"{FOLDER}/c"), 0, ["2 better (I)"])


def slow_down(file: Path, factor: int) -> None:
    """Makes all times of a run longer, those of no time too."""
    records = [json.loads(line) for line in file.read_text().splitlines()]
    for record in records:
        for member in ("allocate_min_ns", "free_min_ns"):
            if member in record:
                record[member] = (record[member] + 100) * factor - 100
    file.write_text("".join(json.dumps(record) + "\n" for record in records))


def what_is_unknown_is_refused() -> Iterator[str]:
    for command, reason in (
        ("comapre", "no scenario 'comapre'; did you mean compare"),
        ("compare colour=red", "no parameter 'colour'"),
    ):
        result = call("record", f"{FOLDER}/unknown", "--run", command)
        yield from expected(result, 1, [reason])
    if (FOLDER / "unknown").exists():
        yield "there is a folder all the same"
    result = call("record", f"{FOLDER}/refused", "--run", "probe size=9223372036854775807")
    yield from expected(result, 1, ["at most"])
    if (FOLDER / "refused").exists():
        yield "there is a folder of what was refused"


def start(name: str) -> subprocess.Popen[str]:
    """Begins a recording that does not end, and waits until its second run is under way."""
    command = [sys.executable, "-S", "-B", PROGRAM, "record", f"{FOLDER}/{name}"]
    program = subprocess.Popen(
        # With this seed, the short run comes first.
        [*command, "--seed", "0", *each_run(SHORT, ENDLESS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and program.poll() is None:
        if list(FOLDER.glob(f"{name}/runs/*.jsonl")) and lab.read("progress") != "idle\n":
            return program
        time.sleep(0.05)
    raise AssertionError(f"it did not come to its second run: status {program.poll()}")


def an_interrupt_ends_a_recording() -> Iterator[str]:
    program = start("interrupted")
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=SECONDS)
    yield from expected(Result(program.returncode, "", err), 130, ["cancelled by a signal"])
    if about("interrupted")["state"] != "interrupted":
        yield f"{about('interrupted')}"
    yield from lab.ledger()


def whatever_ends_a_recording_its_runs_are_good() -> Iterator[str]:
    program = start("killed")
    program.kill()
    program.communicate(timeout=SECONDS)
    if about("killed")["state"] != "recording":
        yield f"{about('killed')}"
    for name in ("interrupted", "killed"):
        result = call("report", "--no-plots", f"{FOLDER}/{name}")
        yield from expected(result, 0)
        if "The recording was not finished" not in (FOLDER / name / "report.html").read_text():
            yield f"{name}: the report does not say that"
    deadline = time.monotonic() + SECONDS
    while lab.read("progress") != "idle\n" and time.monotonic() < deadline:
        time.sleep(0.05)
    yield from lab.ledger()


def a_report_tells_the_claims() -> Iterator[str]:
    yield from expected(call("record", f"{FOLDER}/d", "--repeat", "1", "--run", "claims"), 0)
    claims = [one for one in lab.results() if one["kind"] == "claim"]
    yield from expected(call("report", "--no-plots", f"{FOLDER}/d"), 0, [f"{FOLDER}/d/report.html"])
    text = (FOLDER / "d" / "report.html").read_text()
    missing = [one["id"] for one in claims if f"<code>{one['id']}</code>" not in text]
    if missing or len(claims) < 50:
        yield f"of {len(claims)} claims, these are missing: {missing}"


def malloc_stands_beside_the_kernel() -> Iterator[str]:
    result = call("malloc", "--compare", "to=1k", "repeat=1")
    yield from expected(result, 0)
    rows = [line.split()[:2] for line in result.out.splitlines()[1:]]
    names = ("kmalloc", "vmalloc", "kvmalloc", "pages", "malloc")
    if rows != [[size, name] for size in ("64", "1K") for name in names]:
        yield result.out


def a_preset_is_for_latency() -> Iterator[str]:
    if "\nlatency: " not in "\n" + lab.read("scenarios"):
        raise lab.SkipError("this module has no scenario latency")
    yield from expected(call("run", "preset=lab-repeat", "operations=100", "warmup=10"), 0)
    if lab.results()[0]["scenario"] != "latency":
        yield f"{lab.results()[0]}"


lab.check(
    [
        ("a set of runs is recorded", a_set_of_runs_is_recorded),
        ("what is kept is what the module said", what_is_kept_is_what_the_module_said),
        ("the environment is kept", the_environment_is_kept),
        ("malloc has page frames", malloc_has_page_frames),
        ("an experiment is repeated", an_experiment_is_repeated),
        ("two rounds tell nothing, and that is said", two_rounds_tell_nothing),
        ("what got slower is found", what_got_slower_is_found),
        ("what is unknown is refused", what_is_unknown_is_refused),
        ("an interrupt ends a recording", an_interrupt_ends_a_recording),
        ("whatever ends it, its runs are good", whatever_ends_a_recording_its_runs_are_good),
        ("a report tells the claims", a_report_tells_the_claims),
        ("malloc stands beside the kernel", malloc_stands_beside_the_kernel),
        ("a preset is for latency", a_preset_is_for_latency),
    ]
)
