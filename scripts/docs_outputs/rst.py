# SPDX-License-Identifier: GPL-2.0
"""reStructuredText."""

import re

LICENCE = ".. SPDX-License-Identifier: GPL-2.0"
MADE = "scripts/docs-outputs makes this page. What is written into it by hand is lost."
COMMENT = f"{LICENCE}\n.. {MADE}\n"


def plain(text: str) -> str:
    """Text that means nothing to reStructuredText."""
    return re.sub(r"([\\*`|]|_(?=\W|$))", r"\\\1", text)


def title(text: str) -> str:
    """The title of a page."""
    line = "=" * len(text)
    return f"{line}\n{text}\n{line}\n"


def heading(text: str) -> str:
    """The heading of a section."""
    return f"{text}\n{'=' * len(text)}\n"


def table(head: list[str], widths: list[int], rows: list[list[str]]) -> str:
    """A table whose cells are reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1"]
    lines.append(f"   :widths: {' '.join(map(str, widths))}\n")
    for row in [head, *rows]:
        for number, cell in enumerate(row):
            lines.append(f"   {'* -' if number == 0 else '  -'} {cell}".rstrip())
    return "\n".join(lines) + "\n"
