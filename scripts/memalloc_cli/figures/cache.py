# SPDX-License-Identifier: GPL-2.0
"""Where matplotlib may write: it tells everybody who has no such folder, and takes its time."""

import atexit
import os
import shutil
import tempfile

VARIABLE = "MPLCONFIGDIR"
# Where it writes otherwise: a variable, and a folder of the home directory.
USUAL = (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache"))


def folders() -> list[str]:
    """The folders that it takes if nobody says otherwise."""
    if folder := os.environ.get(VARIABLE):
        return [folder]
    home = os.path.expanduser("~")
    return [
        os.path.join(os.environ.get(name) or os.path.join(home, below), "matplotlib")
        for name, below in USUAL
    ]


def is_writable(folder: str) -> bool:
    """Whether there is such a folder, or can be."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def make_room() -> None:
    """Gives it a temporary folder where it has none. Before it is imported only."""
    if not all(map(is_writable, folders())):
        folder = tempfile.mkdtemp(prefix="memalloc-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ[VARIABLE] = folder
