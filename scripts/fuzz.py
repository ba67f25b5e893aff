#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Fuzzes what is pure logic: builds tests/fuzz with libFuzzer, and runs each target for a while.

As many targets run at once as there are processors.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

REPO = Path(__file__).resolve().parent.parent
CORPUS = REPO / "tests/fuzz/corpus"
OUTPUT = REPO / "build/fuzz"
FUZZER = OUTPUT / "fuzz"
TARGETS = ("command", "sizes", "json", "runs", "durations", "headline")
# A command may have this many bytes, and one more.
MAX_BYTES = 4097
# What rustc needs to count the edges of the code, and libFuzzer to be told of them.
COVERAGE = (
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Clinker=clang-19",
    "-Clink-arg=-fsanitize=fuzzer",
)
CHECKS = ("-Copt-level=2", "-Cdebug-assertions=on", "-Coverflow-checks=on", "-Ccodegen-units=1")


class Run(NamedTuple):
    """What became of a target."""

    status: int
    text: str

    @property
    def inputs(self) -> int:
        found = re.findall(r"^Done (\d+) runs", self.text, re.MULTILINE)
        return int(found[-1]) if found else 0

    @property
    def edges(self) -> int:
        found = re.findall(r" cov: (\d+) ", self.text)
        return int(found[-1]) if found else 0


class Report(NamedTuple):
    """How far a target came, and what went wrong, a line each."""

    told: list[str]
    problems: list[str]


def build() -> None:
    """Ends the program if the compiler does not like it."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    command = ["rustc", "--edition", "2021", "--crate-name", "fuzz", "tests/fuzz/main.rs"]
    subprocess.run([*command, "-o", FUZZER, *CHECKS, *COVERAGE], check=True, cwd=REPO)


def unescaped(line: str) -> bytes:
    """An input, as it stands in a corpus: in ASCII, with a backslash before what does not print."""
    return line.encode("ascii").decode("unicode_escape").encode("latin-1")


def escaped(data: bytes) -> str:
    return data.decode("latin-1").encode("unicode_escape").decode("ascii")


def read_corpus(target: str) -> list[bytes]:
    path = CORPUS / f"{target}.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return [unescaped(line) for line in lines if not line.startswith("#")]


def write_corpus(target: str, inputs: Iterable[bytes]) -> None:
    head = f"# SPDX-License-Identifier: GPL-2.0\n# Inputs of the target {target}, one a line.\n"
    # An input that begins like a comment is written with an escape.
    lines = [escaped(data).replace("#", r"\x23", 1) for data in sorted(set(inputs))]
    (CORPUS / f"{target}.txt").write_text(head + "".join(f"{line}\n" for line in lines))


def unpack(inputs: Sequence[bytes], folder: Path) -> None:
    for number, data in enumerate(inputs):
        (folder / f"{number:04}").write_bytes(data)


def words(inputs: Sequence[bytes]) -> str:
    """A dictionary of the words in the inputs, as libFuzzer reads it."""
    found = {word for data in inputs for word in re.findall(rb"[A-Za-z_][\w-]+=?", data)}
    return "".join(f'"{word.decode()}"\n' for word in sorted(found))


def run(target: str, arguments: Sequence[str | Path], **more: str) -> Run:
    environment = {**os.environ, "TARGET": target, "RUST_BACKTRACE": "0", **more}
    done = subprocess.run(
        [FUZZER, f"-artifact_prefix={OUTPUT}/{target}-", *arguments],
        check=False,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return Run(done.returncode, done.stdout)


def fuzz(target: str, seconds: int, seed: int, is_merged: bool) -> Report:
    """Runs a target. A seed of 0 is a random one."""
    known = read_corpus(target)
    seed = seed or random.randrange(1, 1 << 31)
    with TemporaryDirectory() as name:
        start, found = Path(name, "start"), Path(name, "found")
        start.mkdir()
        found.mkdir()
        unpack(known, start)
        dictionary = Path(name, "words")
        # Of no words there is no dictionary.
        dictionary.write_text(words(known) or '"x"\n')
        limits = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", "-timeout=20"]
        done = run(target, [*limits, f"-seed={seed}", f"-dict={dictionary}", found, start])
        told = [f"{target}: {done.inputs} inputs, {done.edges} edges, seed {seed}"]
        problems = failure(target, done)
        if not problems and done.inputs < len(known):
            problems.append(f"only {done.inputs} inputs in {seconds} s, of {len(known)} known ones")
        if target == "json" and not problems:
            agreement = others_agree([found, start])
            told += agreement.told
            problems += agreement.problems
        if is_merged and not problems:
            merge(target, [start, found], Path(name))
    return Report(told, problems)


def failure(target: str, done: Run) -> list[str]:
    """Why a target failed, and the input that it failed with."""
    if done.status == 0:
        return []
    lines = done.text.splitlines()
    panic = next((at for at, line in enumerate(lines) if " panicked at " in line), len(lines) - 10)
    told = lines[max(panic, 0) :][:10]
    for path in re.findall(r"Test unit written to (\S+)", done.text):
        shown = Path(path).relative_to(REPO)
        told.append(f"the input: {escaped(Path(path).read_bytes())}")
        told.append(f"once more: scripts/tools env TARGET={target} build/fuzz/fuzz {shown}")
    return [f"status {done.status}", *told]


def merge(target: str, folders: Sequence[Path], work: Path) -> None:
    """Keeps the smallest set of inputs that reaches all that any reaches."""
    least = work / "least"
    least.mkdir()
    run(target, ["-merge=1", f"-max_len={MAX_BYTES}", least, *folders])
    write_corpus(target, (path.read_bytes() for path in least.iterdir()))


def form(value: object) -> str:
    """A value without JSON's syntax, as the target writes it."""
    if isinstance(value, Pairs):
        return "{" + ",".join(f"'{key.encode().hex()}':{form(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(form(one) for one in value) + "]"
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return f"'{value.encode().hex()}'"
    return {"None": "null", "True": "true", "False": "false"}[repr(value)]


class Pairs(list[tuple[str, object]]):
    """An object that keeps all its members, also those of one name."""


class Number(str):
    """A number as it was written."""


def others_agree(folders: Sequence[Path]) -> Report:
    """Whether Python reads from what was written the same as what went into it."""
    done = run("json", ["-runs=0", *folders], PRINT="1")
    if done.status != 0:
        return Report([], failure("json", done))
    lines = re.findall(r"^json ([0-9a-f]*) (.*)$", done.text, re.MULTILINE)
    for line, expected in lines:
        text = bytes.fromhex(line).decode()
        value = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number)
        if form(value) != expected:
            return Report([], [f"Python reads another value: {text}"])
    problems = [] if lines else ["nothing was written for Python to read"]
    return Report([f"json: Python agrees on {len(lines)} objects"], problems)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    unknown = set(arguments.targets) - set(TARGETS)
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    if arguments.seconds < 1 or not 0 <= arguments.seed < 1 << 31:
        parser.error("--seconds: at least 1; --seed: from 0 to 2147483647")
    targets = arguments.targets or TARGETS

    build()
    failed = 0
    seconds = max(arguments.seconds // len(targets), 1)
    with ThreadPoolExecutor(os.cpu_count()) as processors:
        fuzz_it = partial(fuzz, seconds=seconds, seed=arguments.seed, is_merged=arguments.merge)
        for target, report in zip(targets, processors.map(fuzz_it, targets), strict=True):
            failed += bool(report.problems)
            for line in (*report.told, *report.problems):
                print(f"# {line}")
            print(f"{'not ok' if report.problems else 'ok'} - fuzzing {target}", flush=True)
    print(f"{len(targets) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
