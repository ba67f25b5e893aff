# SPDX-License-Identifier: GPL-2.0
"""Measuring malloc in a process of its own.

Where a process has its heap, and what lies in it already, changes how fast malloc is: so each run
of a recording has a process of its own, as each start of a program has.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

# The folder that the package lies in.
FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


class FailedError(Exception):
    """The process could not measure, and why."""


def lines(pairs: Sequence[str]) -> str:
    """The records of a run, as JSON Lines."""
    # Without site-packages, which this needs not.
    command = [sys.executable, "-S", "-B", "-m", "memalloc_cli.malloc", *pairs]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": FOLDER}
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise FailedError(f"malloc {' '.join(pairs)}: {reason[-1]}")
    return done.stdout
