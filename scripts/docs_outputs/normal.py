# SPDX-License-Identifier: GPL-2.0
"""What of an output must not differ from one run to the next.

Times differ, and so does what is luck: where memory lies, and so how it is aligned beyond what was
asked for, and in how many physical runs. All else is compared: words, sizes, limits, verdicts.
"""

import re

# Columns of tables, and figures of lists, whose values are luck.
VARYING = {
    "after",
    "age s",
    "align",
    "alignment bytes",
    "alignment, least",
    "contiguous",
    "fragmented",
    "kept of it",
    "largest",
    "limit",
    "longest",
    "longest run, pages",
    "max_live_bytes",
    "measured",
    "memory broken up",
    "memory_bytes",
    "offset",
    "pages",
    "peak_bytes",
    "per page",
    "preempt_count",
    "physical runs",
    "physically contiguous",
    "refused",
    "run",
    "runs",
}
# What stands under, or after, such a word is a time.
TIME = re.compile(r"\b(ns|ms|us|seconds)\b")
# In running text.
PROSE = (
    (re.compile(r"\b\d+(\.\d+)? ?(ns|ms|us|s)\b"), "TIME"),
    (re.compile(r"\b\d+\.\d+\.\d+[-+.\w]*-amd64\b"), "RELEASE"),
    # Counts of instructions, and ratios: whole figures and tenths are others.
    (re.compile(r"\b\d+\.\d{2,}\b"), "FIGURE"),
    # How many allocations broken memory takes is luck; those of a few are not.
    (re.compile(r"\bcomplete: \d{3,} allocations\b"), "complete: MANY allocations"),
    # A quarter of memory, which differs a little between kernels.
    (re.compile(r"\b(would take \d+ bytes; )?max_live_bytes is \d+"), "max_live_bytes is BYTES"),
)
GAP = re.compile(r" {2,}")
NUMBER = re.compile(r"\d")
VALUE = "~"


def is_varying(title: str) -> bool:
    """Whether what stands under, or after, this word differs from run to run."""
    return title in VARYING or TIME.search(title) is not None


def is_head(row: list[str]) -> bool:
    """Whether a row has the titles of columns, some of which differ from run to run."""
    return len(row) > 2 and any(map(is_varying, row)) and not any(map(NUMBER.search, row))


def without_values(row: list[str], head: list[str]) -> list[str]:
    """A row, of a table if there is a head, without what varies."""
    if len(row) == len(head):
        pairs = zip(head, row, strict=True)
        return [VALUE if is_varying(title) else cell for title, cell in pairs]
    if len(row) == 1 and len(words := row[0].split()) == 2:
        # A fact a line, as in `environment`.
        row = words
    if len(row) == 2 and is_varying(row[0]):
        return [row[0], VALUE]
    return row


def normal(lines: list[str]) -> list[str]:
    """The output without what varies. Rows of which nothing is left are taken together."""
    found: list[str] = []
    head: list[str] = []
    for line in lines:
        row = GAP.split(line.strip())
        if row == [""]:
            head = []
        elif not head and is_head(row):
            head = row
        else:
            row = without_values(row, head)
        text = "  ".join(row)
        for pattern, word in PROSE:
            text = pattern.sub(word, text)
        if found[-1:] != [text] or set(row) != {VALUE}:
            found.append(text)
    return found
