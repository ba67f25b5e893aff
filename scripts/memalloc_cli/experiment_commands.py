# SPDX-License-Identifier: GPL-2.0
"""The commands about experiments, and `malloc`, which takes part in them."""

import json
import os
import random
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import progress
from .comparing import apart, comparison, data, sides, text
from .comparing.comparison import Compared, Comparison, Verdict
from .interface import Laboratory
from .malloc import scenario as malloc
from .malloc import text as malloc_text
from .recording import experiment, plan
from .recording.experiment import Experiment
from .recording.plan import Plan
from .recording.record import InterruptedRunError, Remarks, StoppedError
from .recording.record import record as record_plan
from .results import Run, parse, run_of
from .scenarios import Scenario
from .scenarios import parse as parse_scenarios
from .status import DONE, FAILED, INTERRUPTED, WORSE, WRONG_USE, complain
from .table import counted
from .words import CSV, JSON, MARKDOWN, TEXT

if TYPE_CHECKING:
    from .figures.drawing import Drawing

# Where there is matplotlib.
IN_ENTER = "in this repository: scripts/enter -- scripts/memalloc {} …"
# Seeds that one can remember long enough to type.
SEEDS = 1_000_000


class MissingError(Exception):
    """Something that has to be installed is not."""


def known_scenarios(laboratory: Laboratory) -> list[Scenario]:
    """What the module can run."""
    return parse_scenarios(laboratory.read("scenarios"))


def record(laboratory: Laboratory, options: Namespace) -> int:
    """`record`"""
    seed = options.seed if options.seed is not None else random.randrange(SEEDS)
    try:
        if options.run:
            needed = plan.needs_laboratory(options.run)
            known = known_scenarios(laboratory) if needed else []
            planned = plan.chosen(options.run, known, options.repeat, seed)
        else:
            known = known_scenarios(laboratory)
            planned = plan.of_set(options.set, known, options.repeat, seed)
    except plan.ImpossibleError as error:
        complain(error)
        return FAILED
    for left_out in planned.left_out:
        complain(f"left out: {left_out.command}: {left_out.reason}")
    return carry_out(laboratory, options.folder, planned, Remarks(options.machine, options.note))


def replay(laboratory: Laboratory, options: Namespace) -> int:
    """`replay`"""
    before = experiment.open_folder(options.experiment)
    commands = before.plan.commands
    needed = plan.needs_laboratory(commands)
    try:
        plan.checked(commands, known_scenarios(laboratory) if needed else [])
    except plan.ImpossibleError as error:
        complain(f"{options.experiment} cannot be repeated here: {error}")
        return FAILED
    remarks = Remarks(options.machine, options.note, replay_of=options.experiment)
    return carry_out(laboratory, options.folder, before.plan, remarks)


def carry_out(laboratory: Laboratory, folder: str, planned: Plan, remarks: Remarks) -> int:
    """Records a plan, and says what there is."""
    try:
        recording = record_plan(laboratory, folder, planned, remarks)
    except StoppedError as error:
        complain(error)
        return FAILED
    except InterruptedRunError as error:
        complain(error)
        return INTERRUPTED
    runs = len(planned.order)
    are = f"{planned.repeat} of each command, {'is' if runs == 1 else 'are'}"
    print(f"{counted(runs, 'run')}, {are} in {folder}")
    for reason in recording.cut_short:
        complain(f"cut short: {reason}")
    return FAILED if recording.cut_short else DONE


def is_called(one: Compared) -> bool:
    """Whether there is something to say about it."""
    return one.verdict is not Verdict.SAME


def is_any(_one: Compared) -> bool:
    """All of them."""
    return True


def formatted(found: Comparison, options: Namespace) -> str:
    """A comparison in the format that is wanted."""
    is_wanted = is_called if options.changed else is_any
    formats: dict[str, Callable[[], str]] = {
        TEXT: lambda: text.as_text(found, is_wanted),
        MARKDOWN: lambda: text.as_markdown(found, is_wanted),
        CSV: lambda: data.as_csv(found),
        JSON: lambda: data.as_json(found),
    }
    return formats[options.format]()


def compare(_laboratory: Laboratory, options: Namespace) -> int:
    """`compare`"""
    found = comparison.compare(
        sides.sides_of(options.folders, options.by, options.baseline),
        options.unit,
        options.figure,
        options.least,
    )
    print(formatted(found, options), end="")
    if not found.compared:
        # Texts for people say it themselves.
        is_told = options.format in (TEXT, MARKDOWN)
        complain("there is nothing to compare", *([] if is_told else apart.reasons(found.sides)))
        return FAILED
    if found.of(Verdict.REGRESSION):
        return WORSE
    if found.is_blind:
        complain(
            "too few samples to tell any difference; "
            f"{counted(found.needed, found.unit)} on each side would do"
        )
        return FAILED
    return DONE


def measure_malloc(laboratory: Laboratory, options: Namespace) -> int:
    """`malloc`"""
    try:
        wanted = malloc.parameters(options.pairs)
    except malloc.RefusedError as error:
        complain(error)
        return WRONG_USE
    lines = []
    for one in malloc.records(wanted):
        lines.append(json.dumps(one) + "\n")
        if options.json:
            print(lines[-1], end="", flush=True)
    if options.json:
        return DONE
    (run,) = parse(lines)
    if options.compare:
        return compare_with_kernel(laboratory, wanted, run)
    print(malloc_text.alone(run), end="")
    return DONE


def compare_with_kernel(laboratory: Laboratory, wanted: malloc.Parameters, of_malloc: Run) -> int:
    """Runs the laboratory's `compare` at the same sizes, and shows all in one table."""
    with progress.shown(laboratory):
        answer = laboratory.command(malloc_text.command(wanted))
    if answer.error:
        complain(answer.reason)
        return INTERRUPTED if answer.is_cancelled else FAILED
    run = run_of(laboratory.read("results"), answer.run_id)
    series = [*run.of_kind("series"), *of_malloc.of_kind(malloc.SCENARIO)]
    print(malloc_text.beside(series), end="")
    return DONE


def drawings_of(recorded: Experiment) -> "list[Drawing]":
    """What there is to draw."""
    try:
        from .figures import save  # What needs matplotlib.
    except ModuleNotFoundError as error:
        # Another one is a mistake of ours.
        if error.name and error.name.partition(".")[0] not in ("matplotlib", "numpy"):
            raise
        raise MissingError(f"plots need matplotlib, which is not here ({error})") from error
    return save.draw_all(recorded)


def plot(_laboratory: Laboratory, options: Namespace) -> int:
    """`plot`"""
    recorded = experiment.open_folder(options.experiment)
    folder = options.output or os.path.join(options.experiment, "plots")
    try:
        drawings = drawings_of(recorded)
    except MissingError as error:
        complain(error, IN_ENTER.format("plot"))
        return FAILED
    if not drawings:
        complain(f"{options.experiment} has nothing that could be drawn")
        return FAILED
    from .figures import save

    for path in save.save(drawings, folder):
        print(path)
    return DONE


def report(_laboratory: Laboratory, options: Namespace) -> int:
    """`report`"""
    from .report.page import page

    recorded = experiment.open_folder(options.experiment)
    try:
        drawings = [] if options.no_plots else drawings_of(recorded)
    except MissingError as error:
        complain(error, "--no-plots leaves them out", IN_ENTER.format("report"))
        return FAILED
    found = None
    if options.against:
        found = comparison.compare(sides.sides_of([options.against, options.experiment]))
    path = options.output or os.path.join(options.experiment, "report.html")
    experiment.write(path, page(recorded, drawings, found))
    print(path)
    return DONE


COMMANDS: dict[str, Callable[[Laboratory, Namespace], int]] = {
    "record": record,
    "replay": replay,
    "compare": compare,
    "plot": plot,
    "report": report,
    "malloc": measure_malloc,
}
