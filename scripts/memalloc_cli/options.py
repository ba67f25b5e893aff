# SPDX-License-Identifier: GPL-2.0
"""The grammar of the command line."""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from . import VERSION
from .experiment_options import add_experiments
from .interface import DIRECTORY
from .need import Context, Lifetime
from .option_types import positive, seconds, size

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

EPILOGUE = """\
exit status:
  0    done
  1    refused, or ended early; the reason is told
  2    the command line is wrong
  3    there is no laboratory to talk to; what to do is told
  4    compare: something got worse
  130  ended by an interrupt; what there was so far is shown
  141  whoever read the output has closed it
"""


def parser(for_shells: bool = False) -> argparse.ArgumentParser:
    """The grammar; that of the shells has one command more, which is not for people."""
    top = argparse.ArgumentParser(
        prog="memalloc",
        description="Talks to the allocation laboratory in the running kernel.",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    top.add_argument(
        "--directory", default=DIRECTORY, help="the module's files (default: %(default)s)"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_scenarios(commands)
    add_held(commands)
    add_files(commands)
    add_choose(commands)
    add_experiments(commands)
    if for_shells:
        commands.add_parser("complete").add_argument("words", nargs=argparse.REMAINDER)
    return top


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command line. What a command does not know is told with that command's usage."""
    top = parser(for_shells="complete" in words)
    options, unknown = top.parse_known_args(words)
    if unknown:
        pairs = " ".join(pairs_of(words, unknown, options)) if "pairs" in options else ""
        hint = f"; write {pairs}" if pairs else ""
        reason = f"unrecognized arguments: {' '.join(unknown)}{hint}"
        commands_of(top)[options.command].error(reason)
    return options


def pairs_of(
    words: Sequence[str], unknown: Sequence[str], options: argparse.Namespace
) -> Iterator[str]:
    """The parameters that unknown options such as `--size 4k` and `--size=4k` mean."""
    # Whether argparse takes what follows for a parameter depends on the release of Python.
    loose = {*unknown, *options.pairs}
    for word, follower in itertools.pairwise([*words, ""]):
        key, equals, value = word.removeprefix("--").partition("=")
        if word in unknown and word.startswith("--") and (equals or follower in loose):
            yield f"{key}={value if equals else follower}"


def commands_of(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The grammar of each command."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def add_scenarios(commands: "Commands") -> None:
    """The commands about scenarios."""
    commands.add_parser(
        "list",
        help="every scenario, and the question that it answers",
        description="Lists the scenarios that the module can run, with the question that each of "
        "them answers.",
    )

    explain = commands.add_parser(
        "explain",
        help="a scenario and its parameters",
        description="Explains a scenario: its parameters, their defaults, what they mean and which "
        "values they take.",
    )
    explain.add_argument("scenario", metavar="SCENARIO", help="see: memalloc list")

    run = commands.add_parser(
        "run",
        help="runs a scenario, and prints the answer",
        description="Runs a scenario in the kernel, and prints the answer. An interrupt ends the "
        "run, and what there was so far is printed.",
    )
    run.add_argument("--json", action="store_true", help="prints JSON Lines")
    run.add_argument("scenario", metavar="SCENARIO", help="preset=NAME means latency preset=NAME")
    run.add_argument(
        "pairs",
        metavar="KEY=VALUE",
        nargs="*",
        help="a parameter, instead of its default; see: memalloc explain SCENARIO",
    )


def add_held(commands: "Commands") -> None:
    """The commands about memory under names."""
    hold = commands.add_parser(
        "hold",
        help="allocates memory, and holds it under a name",
        description="Allocates memory, and holds it under a name until it is freed, so that other "
        "tools can look at it.",
    )
    hold.add_argument("name", metavar="NAME", help="1 to 24 letters, digits, - and _")
    hold.add_argument(
        "pairs",
        metavar="KEY=VALUE",
        nargs="*",
        help="what to allocate, such as allocator=vmalloc size=20M; see: memalloc explain probe",
    )

    commands.add_parser(
        "held",
        help="what is held",
        description="Shows what is held, and under which names.",
    )

    free = commands.add_parser(
        "free",
        help="frees what is held",
        description="Frees what is held under some names, or all of it, and shows what is left.",
    )
    which = free.add_mutually_exclusive_group(required=True)
    # Without a default, argparse wants a name where --all is given, too.
    which.add_argument("names", metavar="NAME", nargs="*", default=[], help="what to free")
    which.add_argument("--all", action="store_true", help="all of it")


def add_files(commands: "Commands") -> None:
    """The commands that show what the module, or a file of results, says."""
    watch = commands.add_parser(
        "watch",
        help="shows activity periodically",
        description="Shows, periodically, the run under way, what is held, and the module's books, "
        "until an interrupt.",
    )
    watch.add_argument(
        "--interval",
        type=seconds,
        default=1.0,
        metavar="SECONDS",
        help="the time in between (default: %(default)s)",
    )
    watch.add_argument("--count", type=positive, metavar="N", help="so many times, and no more")

    results = commands.add_parser(
        "results",
        help="prints results as tables",
        description="Prints results, which run --json made, as tables.",
    )
    results.add_argument(
        "files", metavar="FILE", nargs="*", help="a file of results (default: the last run's)"
    )

    for name, what in (
        ("environment", "what results depend on: the kernel, its limits, its configuration"),
        ("stats", "the module's books: what was allocated and freed since it was loaded"),
    ):
        show = commands.add_parser(name, help=what, description=f"Shows {what}.")
        show.add_argument("--json", action="store_true", help="prints an object of JSON")


def add_choose(commands: "Commands") -> None:
    """The command that gives advice."""
    choose = commands.add_parser(
        "choose",
        help="which allocator, flags and type for what",
        description="Says which allocator, which flags and which Rust type suit a need, with the "
        "reasons, and measures them on this machine.",
    )
    choose.add_argument(
        "--size",
        type=size,
        metavar="BYTES",
        help="how much, at most; if omitted, asks on the terminal for what no option says",
    )
    choose.add_argument(
        "--context",
        choices=[one.value for one in Context],
        help="where it is allocated and freed: in process context; under a spinlock that no "
        "interrupt takes; in an interrupt, or under a lock that one takes; or allocated in process "
        "context, and freed where sleeping is forbidden (default: sleep)",
    )
    choose.add_argument(
        "--contiguous",
        action=argparse.BooleanOptionalAction,
        help="whether it has to be one piece of physical memory (default: no)",
    )
    choose.add_argument(
        "--zero",
        action=argparse.BooleanOptionalAction,
        help="whether it has to be zeroed (default: no)",
    )
    choose.add_argument(
        "--lifetime",
        choices=[one.value for one in Lifetime],
        help="for whom it lives: the kernel, or a process, which is charged for it (default: "
        "kernel)",
    )
    source = choose.add_mutually_exclusive_group()
    source.add_argument(
        "--results",
        metavar="FILE",
        action="append",
        help="takes the measurements from there, and makes none; may be given several times",
    )
    source.add_argument("--no-measure", action="store_true", help="the rules alone")
