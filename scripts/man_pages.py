#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Looks whether a manual page names every command and option of scripts/memalloc."""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from memalloc_cli.options import commands_of, parser

REQUEST = re.compile(r"^\.[A-Z]+ ?", re.MULTILINE)
FONT = re.compile(r"\\f[BIRP]")


def words(roff: str) -> str:
    """The text of a page, without what is said to the formatter."""
    text = REQUEST.sub("", roff).replace("\\-", "-").replace('"', " ")
    return FONT.sub(" ", text)


def wanted() -> Iterator[str]:
    """All commands, and all options of each."""
    top = parser()
    grammars = [("", top), *commands_of(top).items()]
    for name, grammar in grammars:
        if name:
            yield name
        for action in grammar._actions:
            yield from (option for option in action.option_strings if option.startswith("--"))


def main() -> int:
    """Prints what is missing."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("page", type=Path)
    page: Path = arguments.parse_args().page
    text = words(page.read_text())
    missing = [
        name
        for name in dict.fromkeys(wanted())
        if re.search(rf"(?<![-\w]){re.escape(name)}(?![-\w])", text) is None
    ]
    for name in missing:
        print(f"{page} does not name '{name}'")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
