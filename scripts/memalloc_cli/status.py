# SPDX-License-Identifier: GPL-2.0
"""Exit statuses, and how a reason is told."""

import sys

DONE = 0
FAILED = 1
WRONG_USE = 2
NO_LABORATORY = 3
WORSE = 4
INTERRUPTED = 130


def complain(reason: object) -> None:
    """Tells what is wrong."""
    print(f"memalloc: {reason}", file=sys.stderr)
