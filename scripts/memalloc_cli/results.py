# SPDX-License-Identifier: GPL-2.0
"""Results files: JSON Lines of one run, or of several, one after the other."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

# The version of the lines that this was written for.
SCHEMA = 1
# What every line has.
COMMON = ("schema", "run", "scenario", "kind")

Record = dict[str, Any]


class MalformedError(ValueError):
    """The file is not one of results."""


class LostError(Exception):
    """The file has the results of another run."""


class Run:
    """The records of one run."""

    def __init__(self, number: int, scenario: str) -> None:
        self.number = number
        self.scenario = scenario
        self.records: list[Record] = []

    def of_kind(self, kind: str) -> list[Record]:
        """The records of a kind."""
        return [record for record in self.records if record["kind"] == kind]

    @property
    def begin(self) -> Record:
        """What was asked, of which kernel."""
        return next(iter(self.of_kind("begin")), {})

    @property
    def end(self) -> Record:
        """How it ended; nothing if the file is cut short."""
        return next(iter(self.of_kind("end")), {})

    @property
    def kernel(self) -> str:
        """The kernel's release."""
        return str(self.begin.get("kernel", "unknown"))

    def middle(self) -> list[Record]:
        """All but the first and the last."""
        return [record for record in self.records if record["kind"] not in ("begin", "end")]


def parse(lines: Iterable[str], path: str = "results") -> list[Run]:
    """The runs of a file. A run starts where the number changes, or with a `begin`."""
    runs: list[Run] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record = parse_line(line, f"{path}, line {number}")
        is_new = not runs or record["kind"] == "begin" or record["run"] != runs[-1].number
        if is_new:
            runs.append(Run(record["run"], record["scenario"]))
        runs[-1].records.append(record)
    return runs


def run_of(text: str, number: int | None) -> Run:
    """The run with a number, which is the only one of what the module has."""
    runs = parse(text.splitlines())
    if [run.number for run in runs] != [number]:
        raise LostError(f"the results of run {number} are gone: another run followed it")
    return runs[0]


def parse_line(line: str, place: str) -> Record:
    """One record."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise MalformedError(f"not JSON Lines: {place}: {error.msg}") from error
    if not isinstance(record, dict) or not all(name in record for name in COMMON):
        raise MalformedError(f"{place}: not a record of the laboratory")
    if record["schema"] != SCHEMA:
        raise MalformedError(f"{place}: schema {record['schema']}; this reads {SCHEMA}")
    return record


def load(path: str) -> list[Run]:
    """The runs of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file, path)
    except UnicodeDecodeError as error:
        raise MalformedError(f"not JSON Lines: {path}: not a text") from error


def groups(records: list[Record]) -> Iterator[list[Record]]:
    """Neighbours of the same kind with the same members, which make one table."""
    group: list[Record] = []
    for record in records:
        if group and (group[0]["kind"], group[0].keys()) != (record["kind"], record.keys()):
            yield group
            group = []
        group.append(record)
    if group:
        yield group
