# SPDX-License-Identifier: GPL-2.0
"""Rust code in the documentation: each block that is marked so is a crate that compiles.

.. code-block:: rust
   :class: checked
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from compile_fail import compile_errors, compiler

BLOCK = re.compile(
    r"^(?P<indent> *)\.\. code-block:: rust\n(?P=indent)   :class: checked\n\n"
    r"(?P<body>(?:(?P=indent)   .*\n|\n)+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Code:
    """A block, and its place."""

    place: str
    text: str


def code_of(page: Path, text: str) -> Iterator[Code]:
    """The blocks of a page."""
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("body")) + 1
        indent = match["indent"] + "   "
        lines = [one.removeprefix(indent) for one in match["body"].splitlines()]
        yield Code(f"{page}:{line}", "\n".join(lines) + "\n")


def problems(code: Code, build: Path) -> list[str]:
    """What the compiler says, one line each."""
    with TemporaryDirectory() as name:
        source = Path(name, "page.rs")
        source.write_text(code.text)
        try:
            errors = compile_errors(compiler(build), source, Path(name), codegen=False)
        except ValueError as error:
            return str(error).splitlines()
    return [
        f"line {sorted(error.lines)} of the block: {error.code}: {line}"
        for error in errors
        for line in error.text.splitlines()
    ]
