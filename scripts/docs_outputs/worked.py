# SPDX-License-Identifier: GPL-2.0
"""The worked examples of CONTRIBUTING.rst, carried out in a copy of the sources, to be built."""

import re
import shutil
import textwrap
from pathlib import Path

PAGE = Path("CONTRIBUTING.rst")
# What is run in the module that comes of them.
COMMAND = "scripts/memalloc run density size=520"
# What the module is built from.
SOURCES = [
    "Kbuild",
    "bench",
    "interface",
    "lab",
    "memalloc",
    "misuse",
    "platform",
    "rust_memalloc.rs",
]


class UndoneError(ValueError):
    """The page says to change what is not there."""


def block(text: str, name: str) -> str:
    """The code of the block that has a name."""
    pattern = rf"^( *)\.\. code-block:: rust\n\1   :name: {name}\n\n((?:\1   .*\n|\n)+)"
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise UndoneError(f"{PAGE} has no block of the name {name}")
    return textwrap.dedent(found[2]).strip() + "\n"


def change(path: Path, old: str, new: str) -> None:
    """Writes something after the first place where `old` stands."""
    text = path.read_text()
    if old not in text:
        raise UndoneError(f"{path} has no '{old}'")
    path.write_text(text.replace(old, old + new, 1))


def carry_out(root: Path, folder: Path) -> None:
    """Copies the sources to a folder, and changes the copy as the page says."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in SOURCES:
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, folder / name)
    text = (root / PAGE).read_text()
    (folder / "lab/scenarios/density.rs").write_text(block(text, "worked-scenario"))
    change(
        folder / "lab/scenarios/mod.rs",
        "pub(super) mod context;\n",
        "pub(super) mod density;\n",
    )
    change(
        folder / "lab/scenario.rs",
        "pub(crate) const SCENARIOS: &[Scenario] = &[\n",
        "    scenarios::density::SCENARIO,\n",
    )
    vmalloc = folder / "memalloc/vmalloc.rs"
    vmalloc.write_text(vmalloc.read_text() + "\n" + block(text, "worked-allocator"))
    change(folder / "memalloc/ffi/Makefile.bindgen", "__vmalloc_noprof ", "vmalloc_32_noprof ")


def problems(status: int, output: list[str]) -> list[str]:
    """What is wrong with what came of them."""
    if status != 0 or not any(line.startswith("pages ") for line in output):
        return [f"'{COMMAND}' ended with status {status}:", *output[-10:]]
    return []
