# SPDX-License-Identifier: GPL-2.0
"""What an experiment says in words, and not in figures: verdicts about claims, classes, limits."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..recording.experiment import Experiment
from ..results import Run
from ..table import bytes_text


class Statement(NamedTuple):
    """A question, and what a run says to it."""

    question: str
    text: str


class Changed(NamedTuple):
    """A question to which all runs of one side say one thing, and all of the other another."""

    question: str
    before: str
    after: str


def of_run(run: Run) -> Iterator[Statement]:
    """The answers of a run."""
    match run.scenario:
        case "claims":
            for claim in run.of_kind("claim"):
                yield Statement(f"claim {claim['id']}", str(claim["verdict"]))
        case "classes":
            sizes = [bytes_text(one["usable_bytes"]) for one in run.of_kind("class")]
            yield Statement("kmalloc's classes", " ".join(sizes))
        case "compare":
            for summary in run.of_kind("summary"):
                # Others are limited by memory, of which each boot leaves a little more or less.
                if summary["contiguity_promised"] == "promised":
                    limit = bytes_text(summary["limit_bytes"])
                    yield Statement(f"limit of {summary['allocator']}", limit)


def of_experiments(experiments: Iterable[Experiment]) -> dict[str, set[str]]:
    """All answers to each question."""
    answers: dict[str, set[str]] = {}
    for experiment in experiments:
        for recorded in experiment.complete_runs():
            for answer in of_run(recorded.run):
                answers.setdefault(answer.question, set()).add(answer.text)
    return answers


def changed(before: Iterable[Experiment], after: Iterable[Experiment]) -> Iterator[Changed]:
    """The questions that are answered otherwise. Answers that differ among themselves are none."""
    first, second = of_experiments(before), of_experiments(after)
    for question, texts in first.items():
        others = second.get(question, texts)
        if len(texts) == len(others) == 1 and texts != others:
            yield Changed(question, *texts, *others)
