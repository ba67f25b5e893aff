# SPDX-License-Identifier: GPL-2.0
"""The presets, as the source that has them all says: the module tells the meaning of one only when
it is run."""

import re
from pathlib import Path
from typing import NamedTuple

SOURCE = Path("lab/command/presets.rs")
# A string of Rust, whose lines may be joined by a backslash.
STRING = r'"((?:[^"\\]|\\\n)*)"'
PRESET = re.compile(
    rf"Preset \{{\s+name: {STRING},\s+meaning: {STRING},\s+values: &\[(.*?)\],\s+\}},", re.DOTALL
)
VALUE = re.compile(rf"\(Key::(\w+), {STRING}\)")


class Preset(NamedTuple):
    """A workload with a name, and the key=value pairs that it stands for."""

    name: str
    meaning: str
    values: list[str]


class UnreadError(ValueError):
    """The source has something that is not understood."""


def key(variant: str) -> str:
    """The word for a variant of `Key`: FreeOrder is free_order."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", variant).lower()


def joined(text: str) -> str:
    """A string of Rust whose lines are joined."""
    return re.sub(r"\\\n\s*", "", text)


def parse(source: str) -> list[Preset]:
    """All presets in the table of the source."""
    found = []
    for name, meaning, values in PRESET.findall(source):
        pairs = [f"{key(variant)}={value}" for variant, value in VALUE.findall(values)]
        if len(pairs) != values.count("Key::"):
            raise UnreadError(f"{SOURCE}: the values of {name} have another form")
        found.append(Preset(name, joined(meaning), pairs))
    if len(found) != len(re.findall(r"^    Preset \{$", source, re.MULTILINE)):
        raise UnreadError(f"{SOURCE}: a preset has another form")
    return found


def of_tree(root: Path) -> list[Preset]:
    """All presets of the sources."""
    return parse((root / SOURCE).read_text())
