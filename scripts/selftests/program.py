# SPDX-License-Identifier: GPL-2.0
"""The command line, called without a process of its own, for which a slow machine takes seconds."""

import contextlib
import io
import sys
from pathlib import Path
from typing import NamedTuple

SCRIPTS = Path(__file__).resolve().parents[1]
PROGRAM = str(SCRIPTS / "memalloc")
sys.path.insert(0, str(SCRIPTS))

from memalloc_cli.main import main  # noqa: E402


class Result(NamedTuple):
    """What a program left behind."""

    status: int
    out: str
    err: str


def call(*words: str) -> Result:
    """Calls it with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
    return Result(status, out.getvalue(), err.getvalue())
