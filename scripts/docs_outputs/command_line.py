# SPDX-License-Identifier: GPL-2.0
"""The page of the command line, made from its grammar."""

import argparse
from collections.abc import Iterator

from memalloc_cli.completion import COMMANDS
from memalloc_cli.options import parser

from .rst import COMMENT, heading, title

INTRODUCTION = """\
``scripts/memalloc`` reads and writes the module's files for you. It needs only Python 3.11 or
later. This is its help.
"""


def subparsers_of(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The commands for people, and their grammars."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, grammar in action.choices.items():
                if name in COMMANDS:
                    yield name, grammar


class NarrowFormatter(argparse.RawDescriptionHelpFormatter):
    """Whatever the width of this terminal: as on one of 80 characters."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


def help_text(grammar: argparse.ArgumentParser) -> str:
    """What `--help` prints."""
    grammar.formatter_class = NarrowFormatter
    lines = grammar.format_help().splitlines()
    return ".. code-block:: text\n\n" + "\n".join(f"   {line}".rstrip() for line in lines) + "\n"


def page() -> str:
    """All commands."""
    top = parser()
    parts = [
        COMMENT,
        title("The command line"),
        INTRODUCTION,
        help_text(top),
        "The manual page is `memalloc(1) <../man/memalloc.1.html>`__.\n",
    ]
    for name, grammar in subparsers_of(top):
        parts += [heading(name), help_text(grammar)]
    return "\n".join(parts)
