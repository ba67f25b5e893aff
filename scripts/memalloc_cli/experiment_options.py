# SPDX-License-Identifier: GPL-2.0
"""The grammar of the commands about experiments."""

import argparse
from typing import TYPE_CHECKING

from . import words
from .option_types import natural, percent, positive

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_experiments(commands: "Commands") -> None:
    """The commands."""
    add_record(
        commands.add_parser(
            "record",
            help="repeats a set of runs, and keeps all results",
            description="Repeats a set of runs in random order, and keeps all results in a new "
            "folder, with all of the environment.",
        )
    )
    add_replay(
        commands.add_parser(
            "replay",
            help="records an experiment once more",
            description="Makes the runs of an experiment once more, in the same order, and keeps "
            "them in a new folder.",
        )
    )
    add_compare(
        commands.add_parser(
            "compare",
            help="what differs between experiments",
            description="Compares experiments, operation by operation. The status is 4 if "
            "something got worse.",
        )
    )
    add_plot(
        commands.add_parser(
            "plot",
            help="draws an experiment",
            description="Draws an experiment: sizes, waste, latencies, scaling, fragmentation. It "
            "needs matplotlib.",
        )
    )
    add_report(
        commands.add_parser(
            "report",
            help="writes an experiment as one HTML file",
            description="Writes an experiment as one HTML file, which needs no network.",
        )
    )
    add_malloc(
        commands.add_parser(
            "malloc",
            help="measures malloc as the kernel's allocators",
            description="Measures malloc in user space as the scenario compare measures the "
            "kernel's allocators. Without --compare it needs no module.",
        )
    )


def add_record(record: argparse.ArgumentParser) -> None:
    """The options of `record`."""
    record.add_argument("folder", metavar="DIR", help="a new folder, or an empty one")
    what = record.add_mutually_exclusive_group()
    what.add_argument(
        "--set",
        choices=words.SETS,
        default=words.FULL,
        help="what to run: all that a comparison needs, or what takes seconds (default: "
        "%(default)s)",
    )
    what.add_argument(
        "--run",
        metavar="'SCENARIO KEY=VALUE …'",
        action="append",
        help="a command to run, in quotes, instead of a set; may be given several times",
    )
    record.add_argument(
        "--repeat",
        type=positive,
        default=words.REPEAT,
        metavar="N",
        help="rounds of all runs (default: %(default)s)",
    )
    record.add_argument(
        "--seed", type=natural, metavar="S", help="of the random order (default: a random one)"
    )
    add_remarks(record)


def add_replay(replay: argparse.ArgumentParser) -> None:
    """The options of `replay`."""
    replay.add_argument("experiment", metavar="DIR", help="what to repeat")
    replay.add_argument("folder", metavar="NEWDIR", help="a new folder, or an empty one")
    add_remarks(replay)


def add_remarks(parser: argparse.ArgumentParser) -> None:
    """What a person may say about a recording."""
    parser.add_argument(
        "--machine", metavar="NAME", help="of this machine (default: its host name)"
    )
    parser.add_argument("--note", metavar="TEXT", help="is kept with the experiment")


def add_compare(compare: argparse.ArgumentParser) -> None:
    """The options of `compare`."""
    compare.add_argument(
        "folders", metavar="DIR", nargs="+", help="an experiment, or a folder of many"
    )
    compare.add_argument(
        "--by",
        choices=words.BY,
        default=words.FOLDER,
        help="what makes a side (default: %(default)s, each DIR is one)",
    )
    compare.add_argument(
        "--baseline",
        metavar="NAME",
        help="the side that others are compared with (default: the first one)",
    )
    compare.add_argument(
        "--format",
        choices=words.FORMATS,
        default=words.TEXT,
        help="the form of what is printed (default: %(default)s)",
    )
    compare.add_argument("--changed", action="store_true", help="leaves out what does not differ")
    compare.add_argument(
        "--figure",
        choices=words.FIGURES,
        default=words.FIGURE,
        help="which latency statistic to compare (default: %(default)s; of mixed sizes, mean)",
    )
    compare.add_argument(
        "--least",
        type=percent,
        default=words.LEAST_PERCENT,
        metavar="PERCENT",
        help="ignore changes smaller than this (default: %(default)s)",
    )
    compare.add_argument(
        "--unit",
        choices=words.UNITS,
        default=words.AUTO,
        help="what counts as a sample (default: %(default)s, a recording where each side has "
        "several, or else a run)",
    )


def add_plot(plot: argparse.ArgumentParser) -> None:
    """The options of `plot`."""
    plot.add_argument("experiment", metavar="DIR", help="what to draw")
    plot.add_argument(
        "--output", metavar="DIR", help="output path (default: plots in the experiment's)"
    )


def add_report(report: argparse.ArgumentParser) -> None:
    """The options of `report`."""
    report.add_argument("experiment", metavar="DIR", help="what to write")
    report.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="output path (default: report.html in the experiment's)",
    )
    report.add_argument("--against", metavar="DIR", help="an experiment to compare with")
    report.add_argument(
        "--no-plots", action="store_true", help="leave out plots; then matplotlib is not needed"
    )


def add_malloc(malloc: argparse.ArgumentParser) -> None:
    """The options of `malloc`."""
    form = malloc.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="prints JSON Lines")
    form.add_argument(
        "--compare", action="store_true", help="beside the kernel's allocators, at the same sizes"
    )
    malloc.add_argument(
        "pairs",
        metavar="KEY=VALUE",
        nargs="*",
        help="parameters as for the scenario `compare`: from, to, step, count, repeat",
    )
