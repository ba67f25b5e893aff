# SPDX-License-Identifier: GPL-2.0
"""The page of the command line, made from its grammar."""

import argparse

from memalloc_cli.options import commands_of, parser

from .rst import COMMENT, heading, title

INTRODUCTION = """\
``scripts/memalloc`` reads and writes the module's files for you. It needs only Python 3.11 or
later. This is its help.
"""


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
    for name, grammar in commands_of(top).items():
        parts += [heading(name), help_text(grammar)]
    return "\n".join(parts)
