#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compiles snippets that must not compile, and their twins, which must.

A snippet has two kinds of marks, each on a line of its own, about the nearest line of code above:

    //~ E0382: text     the compiler reports this error there, with this text, and no other error
    //= code            the twin has this code instead, and is the same otherwise

So a snippet cannot fail for another reason than the one line. The line of an assertion about types
(E0080) is not compared: the compiler evaluates it when it makes code, and names the library's line.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kbuild_command import rust_command

MARK = re.compile(r"\s*//(?P<kind>[~=]) (?P<text>.+)")
# What the compiler leaves out of a path depends on what else is in scope.
PATH = re.compile(r"\b(\w+::)+(?=\w)")
EXPECTED = re.compile(r"(?P<code>E\d{4}): (?P<text>.+)")


@dataclass(frozen=True)
class Case:
    """A snippet: its title, the error that it must give, and the line that the twin has instead."""

    path: Path
    title: str
    code: str
    text: str
    line: int
    replaced: int
    replacement: str

    @property
    def twin(self) -> str:
        lines = self.path.read_text().splitlines()
        lines[self.replaced - 1] = self.replacement
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Report:
    """An error of the compiler, with all the text that goes with it."""

    code: str
    text: str
    lines: frozenset[int]


def read(path: Path) -> Case:
    """Ends the program if the marks are not as they should be."""
    marks: dict[str, tuple[int, str]] = {}
    title = ""
    code_line = 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark = MARK.fullmatch(line)
        if mark is None:
            if line.startswith("//! "):
                title = title or line[4:]
            code_line = number
        elif mark["kind"] in marks:
            sys.exit(f"{path}: it has two marks of //{mark['kind']}")
        else:
            marks[mark["kind"]] = (code_line, mark["text"])
    if not title or set(marks) != {"~", "="}:
        sys.exit(f"{path}: it needs a first line of //! and the marks //~ and //=")
    located, expectation = marks["~"]
    expected = EXPECTED.fullmatch(expectation)
    if expected is None:
        sys.exit(f"{path}: after //~ it needs an error code, a colon, and a text")
    replaced, replacement = marks["="]
    return Case(path, title, expected["code"], expected["text"], located, replaced, replacement)


def compiler(build: Path) -> list[str]:
    """The command that compiled the library, less its own files, with the library added."""
    environment, flags, _ = rust_command(build, "memalloc/memalloc.o")
    # Lints are not what is tested.
    options = ["-L", str(build / "memalloc"), "--extern", "memalloc"]
    options += ["--cap-lints=allow", "--error-format=json"]
    return ["env", *environment, "rustc", *flags, *options]


def compile_errors(
    command: Sequence[str], source: Path, folder: Path, codegen: bool
) -> list[Report]:
    """Raises ValueError if the compiler fails and does not say why."""
    emit = f"--emit={'obj' if codegen else 'metadata'}={folder / source.stem}.out"
    # Makes the code even of small functions, which otherwise is left to their users.
    options = ["--crate-name=snippet", "-Zcross-crate-inline-threshold=never", emit]
    # Long types would be written to files in the folder where it runs.
    options += ["-Zwrite-long-types-to-disk=no"]
    run = subprocess.run([*command, *options, source], check=False, capture_output=True, text=True)
    reports: list[Report] = []
    for line in run.stderr.splitlines():
        if not line.startswith("{"):
            raise ValueError(f"the compiler says: {line}")
        message = json.loads(line)
        if message["level"] == "error" and message["spans"]:
            reports.append(report(message, source))
        elif message["level"] == "error: internal compiler error":
            raise ValueError("the compiler fails")
    if (run.returncode == 0) == bool(reports):
        raise ValueError(f"the compiler ends with status {run.returncode}: {run.stderr}")
    return reports


def report(message: dict[str, Any], source: Path) -> Report:
    code = (message["code"] or {}).get("code", "no code")
    texts = [message["message"]]
    for part in [message, *message["children"]]:
        texts += [part["message"], *(span["label"] or "" for span in part["spans"])]
    spans = [span for span in message["spans"] if span["file_name"] == str(source)]
    lines = frozenset(span["line_start"] for span in spans if span["is_primary"])
    return Report(code, PATH.sub("", "\n".join(texts)), lines)


def all_twins_compile(cases: Sequence[Case], command: Sequence[str], folder: Path) -> bool:
    """Compiles all twins at once, as modules of one crate, which takes half of the time."""
    for case in cases:
        (folder / case.path.name).write_text(case.twin)
    source = folder / "all.rs"
    source.write_text("".join(f"pub mod {case.path.stem};\n" for case in cases))
    try:
        return not compile_errors(command, source, folder, codegen=True)
    except ValueError:
        return False


def problems(case: Case, command: Sequence[str], folder: Path) -> list[str]:
    """What speaks against the snippet, one a line."""
    # Assertions about types are evaluated when code is made.
    codegen = case.code == "E0080"
    found: list[str] = []
    errors = compile_errors(command, case.path, folder, codegen)
    if not errors:
        found.append("it compiles")
    for error in errors:
        located = codegen or case.line in error.lines
        if error.code != case.code or case.text not in error.text or not located:
            found.append(f"expected line {case.line}: {case.code}: {case.text}")
            found += f"got line {sorted(error.lines)}: {error.code}: {error.text}".splitlines()
    return found


def twin_problems(case: Case, command: Sequence[str], folder: Path) -> list[str]:
    """What speaks against the twin, one a line."""
    twin = folder / case.path.name
    return [
        f"the twin does not compile: line {sorted(error.lines)}: {error.code}: {error.text}"
        for error in compile_errors(command, twin, folder, codegen=True)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("build", type=Path, help="where the library was built")
    parser.add_argument("snippets", type=Path, nargs="+", help="files, or folders of them")
    arguments = parser.parse_args()

    paths: list[Path] = []
    for path in arguments.snippets:
        paths += sorted(path.glob("*.rs")) if path.is_dir() else [path]
    cases = [read(path) for path in paths]
    command = compiler(arguments.build)

    def run(case: Case, folder: Path, twin: Future[bool]) -> list[str]:
        try:
            found = problems(case, command, folder)
            return found if twin.result() else found + twin_problems(case, command, folder)
        except ValueError as error:
            return str(error).splitlines()

    print(f"KTAP version 1\n1..{len(cases)}", flush=True)
    failed = 0
    with TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = Path(name)
        twins = pool.submit(all_twins_compile, cases, command, folder)
        tests = [pool.submit(run, case, folder, twins) for case in cases]
        for number, (case, test) in enumerate(zip(cases, tests, strict=True), 1):
            found = test.result()
            for problem in found:
                print("\n".join(f"# {line}" for line in problem.splitlines()))
            failed += bool(found)
            word = "not ok" if found else "ok"
            print(f"{word} {number} - {case.path.stem}: {case.title}", flush=True)
    print(f"# Totals: pass:{len(cases) - failed} fail:{failed} skip:0")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
