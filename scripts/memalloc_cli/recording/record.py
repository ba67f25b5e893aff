# SPDX-License-Identifier: GPL-2.0
"""Recording: runs a plan, and keeps what comes in a folder."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TextIO

from .. import progress
from ..interface import Laboratory
from ..malloc import process
from ..malloc import text as malloc_text
from ..malloc.scenario import SCENARIO as MALLOC
from ..results import Run, parse
from . import experiment, machine
from .experiment import About
from .plan import Plan, scenario_of


class Remarks(NamedTuple):
    """What a person says about a recording."""

    # What the machine is called in comparisons; its host name if nothing.
    machine: str | None = None
    note: str | None = None
    # The folder that it repeats.
    replay_of: str | None = None


class Output(NamedTuple):
    """What a run says: to people, and to programs."""

    text: str
    lines: str


class StoppedError(Exception):
    """A run that could not be had, and why. The recording ends with it."""


class InterruptedRunError(Exception):
    """A signal ended a run, and the recording with it."""


def now() -> str:
    """The time, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def prepare(path: str) -> bool:
    """Makes the folder, which must not hold anything yet. Returns whether it was not there."""
    is_new = not os.path.isdir(path)
    os.makedirs(path, exist_ok=True)
    if os.listdir(path):
        raise StoppedError(f"{path} is not empty; one folder holds one experiment")
    os.mkdir(os.path.join(path, experiment.RUNS))
    return is_new


def discard(path: str, is_new: bool) -> None:
    """Removes a recording, and the folder if it is of our making."""
    shutil.rmtree(os.path.join(path, experiment.RUNS))
    for name in (experiment.ABOUT, experiment.ENVIRONMENT):
        os.remove(os.path.join(path, name))
    if is_new:
        os.rmdir(path)


class Recording:
    """A recording under way."""

    def __init__(self, laboratory: Laboratory, path: str, plan: Plan, to: TextIO) -> None:
        self.laboratory = laboratory
        self.path = path
        self.plan = plan
        self.to = to
        # begin() makes it.
        self.about: About
        # Commands of runs that ended before they were done, and how.
        self.cut_short: list[str] = []
        self.is_folder_new = False
        self.has_runs = False

    def begin(self, remarks: Remarks) -> None:
        """Writes down what is to be run, and where."""
        self.is_folder_new = prepare(self.path)
        facts = machine.facts(self.laboratory)
        if remarks.machine:
            facts["name"] = remarks.machine
        experiment.write_json(os.path.join(self.path, experiment.ENVIRONMENT), facts)
        self.about = {
            "schema": experiment.SCHEMA,
            "kind": "experiment",
            "commands": self.plan.commands,
            "left_out": [
                {"command": one.command, "reason": one.reason} for one in self.plan.left_out
            ],
            "repeat": self.plan.repeat,
            "seed": self.plan.seed,
            "order": self.plan.order,
            "note": remarks.note,
            "replay_of": remarks.replay_of,
            "started": now(),
            "load_at_start": machine.text_of("/proc/loadavg"),
            "ended": None,
            "state": experiment.RECORDING,
            "reason": None,
        }
        self.write_about()

    def write_about(self) -> None:
        """Writes down how it stands."""
        experiment.write_json(os.path.join(self.path, experiment.ABOUT), self.about)

    @contextmanager
    def state_kept(self) -> Iterator[None]:
        """Writes down how the recording ends, whichever way that is."""
        state, reason = experiment.FAILED, None
        try:
            yield
            state = experiment.COMPLETE
        except (KeyboardInterrupt, InterruptedRunError):
            state = experiment.INTERRUPTED
            raise
        except Exception as error:
            reason = str(error) or repr(error)
            raise
        finally:
            self.about |= {
                "state": state,
                "reason": reason,
                "ended": now(),
                "load_at_end": machine.text_of("/proc/loadavg"),
            }
            self.write_about()

    def run_all(self) -> None:
        """Runs the plan. If it ends before there is any run, nothing is left of it."""
        try:
            with self.state_kept():
                for number, index in enumerate(self.plan.order, start=1):
                    self.run_one(number, self.plan.commands[index])
        except BaseException:
            if not self.has_runs:
                discard(self.path, self.is_folder_new)
            raise

    def run_one(self, number: int, command: str) -> None:
        """Runs a command, and keeps what comes of it."""
        started = time.monotonic()
        output = self.output(command)
        (run,) = parse(output.lines.splitlines())
        name = os.path.join(self.path, experiment.name_of(number, scenario_of(command)))
        experiment.write(f"{name}.txt", output.text)
        # Last, for this is the one that counts.
        experiment.write(f"{name}.jsonl", output.lines)
        self.has_runs = True
        self.tell(number, command, run, time.monotonic() - started)

    def tell(self, number: int, command: str, run: Run, seconds: float) -> None:
        """Says how far this is."""
        status = run.end.get("status", "unfinished")
        remark = ""
        if status != "complete":
            remark = f", {status}: {run.end.get('reason')}"
            self.cut_short.append(f"{command}: {run.end.get('reason')}")
        print(
            f"{number}/{len(self.plan.order)} {command}: {seconds:.1f} s{remark}",
            file=self.to,
            flush=True,
        )

    def output(self, command: str) -> Output:
        """Runs a command."""
        if scenario_of(command) == MALLOC:
            return output_of_malloc(command.split()[1:])
        with progress.shown(self.laboratory, self.to):
            answer = self.laboratory.command(command)
        if answer.is_cancelled:
            raise InterruptedRunError(f"{command}: {answer.reason}")
        if answer.is_refused:
            raise StoppedError(f"{command}: {answer.reason}")
        lines = self.laboratory.read("results")
        if [run.number for run in parse(lines.splitlines())] != [answer.run_id]:
            raise StoppedError(
                f"{command}: the results are gone: somebody else runs commands, which also disturbs"
            )
        return Output(answer.text, lines)


def output_of_malloc(pairs: list[str]) -> Output:
    """Runs the one that is not the module's."""
    try:
        lines = process.lines(pairs)
    except process.FailedError as error:
        raise StoppedError(str(error)) from error
    (run,) = parse(lines.splitlines())
    return Output(malloc_text.alone(run), lines)


def record(
    laboratory: Laboratory,
    path: str,
    plan: Plan,
    remarks: Remarks,
    to: TextIO | None = None,
) -> Recording:
    """Records an experiment."""
    recording = Recording(laboratory, path, plan, to or sys.stderr)
    recording.begin(remarks)
    recording.run_all()
    return recording
