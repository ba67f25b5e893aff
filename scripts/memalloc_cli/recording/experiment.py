# SPDX-License-Identifier: GPL-2.0
"""Experiments: a folder holds the results of a set of runs, and all that they depended on.

    experiment.json     what was run, when, in which order, and how it ended
    environment.json    the machine, the kernel, its configuration, the module, the sources
    runs/NNNN-SCENARIO.jsonl    the results of one run
    runs/NNNN-SCENARIO.txt      the same for people, as the module told it

Each file appears whole, under its name, or not at all. So whenever a recording ends, be it by a
power failure, what is there is good.
"""

import contextlib
import glob
import json
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from ..results import MalformedError, Run, load
from ..table import counted
from .plan import LeftOut, Plan

SCHEMA = 1
ABOUT = "experiment.json"
ENVIRONMENT = "environment.json"
RUNS = "runs"
# How a recording ended; the first if nobody has said so yet.
RECORDING, COMPLETE, INTERRUPTED, FAILED = "recording", "complete", "interrupted", "failed"


class Omission(TypedDict):
    """A command of the set that the module cannot run, and why."""

    command: str
    reason: str


class About(TypedDict):
    """What `experiment.json` says, as a recording writes it."""

    schema: int
    kind: str
    commands: list[str]
    left_out: list[Omission]
    repeat: int
    seed: int
    order: list[int]
    note: str | None
    replay_of: str | None
    started: str
    load_at_start: str | None
    # These are known at the end only.
    load_at_end: NotRequired[str | None]
    ended: str | None
    state: str
    reason: str | None


class Recorded(NamedTuple):
    """A run, and where it stands in the recording."""

    number: int
    command: str
    run: Run

    @property
    def is_complete(self) -> bool:
        """Whether the run came to its end."""
        return bool(self.run.end.get("status") == "complete")


class Experiment(NamedTuple):
    """A recording."""

    path: str
    plan: Plan
    about: About
    environment: dict[str, Any]
    runs: list[Recorded]

    @property
    def is_complete(self) -> bool:
        """Whether all that was planned was run."""
        return self.about["state"] == COMPLETE

    @property
    def kernel(self) -> str:
        """The kernel's release."""
        return str(self.environment.get("kernel", {}).get("release", "unknown"))

    @property
    def machine(self) -> str:
        """What the machine is called."""
        return str(self.environment.get("name", "unknown"))

    def records(self, scenario: str, kind: str) -> Iterator[dict[str, Any]]:
        """The records of a kind, of all complete runs of a scenario."""
        for recorded in self.complete_runs():
            if recorded.run.scenario == scenario:
                yield from recorded.run.of_kind(kind)

    def first(self, scenario: str) -> Run | None:
        """The first complete run of a scenario."""
        for recorded in self.complete_runs():
            if recorded.run.scenario == scenario:
                return recorded.run
        return None

    def complete_runs(self) -> Iterator[Recorded]:
        """Those that came to their ends."""
        return (recorded for recorded in self.runs if recorded.is_complete)


def write(path: str, text: str) -> None:
    """Writes a file, which nobody sees before it is whole and on the disk."""
    new = f"{path}.new"
    try:
        with open(new, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError as error:
        # Nobody has asked for the other one.
        error.filename = path
        with contextlib.suppress(OSError):
            os.remove(new)
        raise


def write_json(path: str, value: object) -> None:
    """The same with an object."""
    write(path, json.dumps(value, indent=2) + "\n")


def name_of(number: int, scenario: str) -> str:
    """The name of a run's files, without what tells them apart."""
    return os.path.join(RUNS, f"{number:04}-{scenario}")


def read_json(path: str) -> dict[str, Any]:
    """An object of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise MalformedError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise MalformedError(f"{path}: not an object")
    return value


def plan_of(path: str, about: dict[str, Any]) -> Plan:
    """What was to be run."""
    try:
        plan = Plan(
            commands=[str(command) for command in about["commands"]],
            repeat=int(about["repeat"]),
            order=[int(index) for index in about["order"]],
            seed=int(about["seed"]),
            left_out=[
                LeftOut(str(one["command"]), str(one["reason"])) for one in about["left_out"]
            ],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedError(f"{path}: not an experiment: {error!r}") from error
    if not all(0 <= index < len(plan.commands) for index in plan.order):
        raise MalformedError(f"{path}: the order names commands that there are not")
    return plan


def open_folder(path: str) -> Experiment:
    """The experiment in a folder."""
    about_path = os.path.join(path, ABOUT)
    if not os.path.exists(about_path) and (below := folders_below(path)):
        holds = f"holds {counted(len(below), 'recording')}"
        raise MalformedError(f"{path}: {holds}, and one has to be named, such as {below[0]}")
    about = read_json(about_path)
    if about.get("schema") != SCHEMA:
        raise MalformedError(f"{about_path}: schema {about.get('schema')}; this reads {SCHEMA}")
    plan = plan_of(about_path, about)
    environment = read_json(os.path.join(path, ENVIRONMENT))
    return Experiment(path, plan, cast(About, about), environment, list(runs_of(path, plan)))


def runs_of(path: str, plan: Plan) -> Iterator[Recorded]:
    """The runs that there are, in the order in which they were run."""
    for file in sorted(glob.glob(os.path.join(glob.escape(path), RUNS, "*.jsonl"))):
        match = re.match(r"(\d+)-", os.path.basename(file))
        if match is None or not 1 <= int(match[1]) <= len(plan.order):
            raise MalformedError(f"{file}: not a run of this experiment")
        number = int(match[1])
        runs = load(file)
        if len(runs) != 1:
            raise MalformedError(f"{file}: {len(runs)} runs, and not one")
        yield Recorded(number, plan.commands[plan.order[number - 1]], runs[0])


def folders_below(path: str) -> list[str]:
    """The folders of all experiments that lie in a folder or below it."""
    return sorted(folder for folder, _, files in os.walk(path) if ABOUT in files)


def find_all(path: str) -> list[Experiment]:
    """The experiment in a folder, or all that lie below it."""
    if not os.path.isdir(path):
        raise MalformedError(f"{path}: not a folder")
    found = folders_below(path)
    if not found:
        raise MalformedError(f"{path}: no experiment in it (a folder with {ABOUT})")
    return [open_folder(folder) for folder in found]
