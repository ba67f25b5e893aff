# SPDX-License-Identifier: GPL-2.0
"""The commands with which Kbuild has compiled, as it keeps them beside each object."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple


class RustCommand(NamedTuple):
    """A call of rustc, without its source and what it writes."""

    environment: list[str]
    flags: list[str]
    source: str


def rust_command(build: Path, name: str) -> RustCommand:
    """The one that compiled the object `name` of a build."""
    object_file = build / name
    saved = object_file.with_name(f".{object_file.name}.cmd").read_text().splitlines()[0]
    words = shlex.split(saved.partition(":=")[2])
    rustc = words.index("rustc")
    out = words.index("--out-dir")
    del words[out : out + 2]
    own = re.compile(r"--emit=|.*\.rs$")
    flags = [word for word in words[rustc + 1 :] if own.match(word) is None]
    # The kernel's Makefile exports the first.
    return RustCommand(["RUSTC_BOOTSTRAP=1", *words[:rustc]], flags, words[-1])
