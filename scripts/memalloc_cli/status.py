# SPDX-License-Identifier: GPL-2.0
"""Exit statuses, and how a reason is told."""

import sys

DONE = 0
FAILED = 1
WRONG_USE = 2
NO_LABORATORY = 3
WORSE = 4
# As of a program that SIGINT or SIGPIPE ends.
INTERRUPTED = 130
CLOSED_PIPE = 141


def complain(reason: object, *advice: str) -> None:
    """Tells what is wrong, and what to do about it."""
    print(f"memalloc: {reason}", *(f"  {line}" for line in advice), sep="\n", file=sys.stderr)
