# SPDX-License-Identifier: GPL-2.0
"""The grammar of the command line."""

import argparse

from .choose import Context, Lifetime
from .experiment_options import add_experiments
from .interface import DIRECTORY
from .option_types import positive, seconds, size

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


def parser() -> argparse.ArgumentParser:
    """The grammar."""
    top = argparse.ArgumentParser(
        prog="memalloc",
        description="Talks to the allocation laboratory in the running kernel.",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--directory", default=DIRECTORY, help="the module's files (%(default)s)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("list", help="every scenario, and the question that it answers")

    explain = commands.add_parser("explain", help="a scenario and its parameters")
    explain.add_argument("scenario", metavar="SCENARIO")

    run = commands.add_parser("run", help="runs a scenario, and prints the answer")
    run.add_argument("--json", action="store_true", help="prints JSON Lines")
    run.add_argument("scenario", metavar="SCENARIO", help="preset=NAME means latency preset=NAME")
    run.add_argument("pairs", metavar="KEY=VALUE", nargs="*")

    hold = commands.add_parser("hold", help="allocates memory, and holds it under a name")
    hold.add_argument("name", metavar="NAME")
    hold.add_argument("pairs", metavar="KEY=VALUE", nargs="*")

    commands.add_parser("held", help="what is held")

    free = commands.add_parser("free", help="frees what is held")
    which = free.add_mutually_exclusive_group(required=True)
    which.add_argument("name", metavar="NAME", nargs="?")
    which.add_argument("--all", action="store_true", help="all of it")

    watch = commands.add_parser("watch", help="what goes on, again and again")
    watch.add_argument("--interval", type=seconds, default=1.0, metavar="SECONDS")
    watch.add_argument("--count", type=positive, metavar="N", help="so many times, and no more")

    results = commands.add_parser("results", help="prints results files as tables")
    results.add_argument("files", metavar="FILE", nargs="+")

    add_choose(commands.add_parser("choose", help="which allocator, flags and type for what"))
    add_experiments(commands)

    # For the shells' completion; not for people.
    complete = commands.add_parser("complete")
    complete.add_argument("words", nargs=argparse.REMAINDER)
    return top


def add_choose(choose: argparse.ArgumentParser) -> None:
    """The options of `choose`."""
    choose.add_argument("--size", type=size, metavar="BYTES", help="if missing, all is asked for")
    choose.add_argument("--context", choices=[one.value for one in Context])
    choose.add_argument("--contiguous", action=argparse.BooleanOptionalAction)
    choose.add_argument("--zero", action=argparse.BooleanOptionalAction)
    choose.add_argument("--lifetime", choices=[one.value for one in Lifetime])
    source = choose.add_mutually_exclusive_group()
    source.add_argument(
        "--results", metavar="FILE", action="append", help="looks there, and measures nothing"
    )
    source.add_argument("--no-measure", action="store_true", help="the rules alone")
