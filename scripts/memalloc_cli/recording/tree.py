# SPDX-License-Identifier: GPL-2.0
"""Which state of the sources this is, if it lies in a git tree."""

import os
import shutil
import subprocess
from typing import NamedTuple

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
SECONDS = 30


class State(NamedTuple):
    """A commit, and whether something was changed since."""

    commit: str
    # Nothing if there is no git to ask.
    is_changed: bool | None


def state(root: str = ROOT) -> State | None:
    """Of the tree that this program lies in."""
    if not os.path.exists(os.path.join(root, ".git")):
        return None
    if shutil.which("git"):
        return asked(root)
    return read(os.path.join(root, ".git"))


def asked(root: str) -> State | None:
    """What git says. A tree of somebody else's, which it mistrusts, is only read."""
    mine = ["git", "-c", f"safe.directory={root}", "-C", root, "--no-optional-locks"]
    words = [[*mine, "rev-parse", "HEAD"], [*mine, "status", "--porcelain"]]
    answers = []
    for command in words:
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return read(os.path.join(root, ".git"))
        answers.append(done.stdout.strip())
    return State(answers[0], answers[1] != "")


def read(folder: str) -> State | None:
    """What git's own files say: enough for the commit, where there is no git."""
    head = text_of(os.path.join(folder, "HEAD"))
    if not head.startswith("ref: "):
        return State(head, None) if head else None
    name = head.removeprefix("ref: ")
    if commit := text_of(os.path.join(folder, name)):
        return State(commit, None)
    for line in text_of(os.path.join(folder, "packed-refs")).splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name:
            return State(commit, None)
    return None


def text_of(path: str) -> str:
    """A file without its line end; nothing if it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""
