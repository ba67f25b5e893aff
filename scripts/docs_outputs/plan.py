# SPDX-License-Identifier: GPL-2.0
"""What is to be run, and what became of it. Both lie in one folder:

plan.json       the pages, and the commands of their blocks, for the host and for the guest
host.N          the Nth command for the host; its output and its status stand beside it
answers.json    what the guest's commands printed, and what the module says of itself
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .blocks import Block, MalformedError, blocks_of


class Ran(NamedTuple):
    """What became of a command."""

    status: int
    output: list[str]


class Answers(NamedTuple):
    """What became of everything: each block with what its commands printed."""

    blocks: list[tuple[Block, list[Ran]]]
    facts: dict[str, Any]
    worked: Ran


def sources(root: Path) -> list[Path]:
    """The pages that may have blocks, from the root of the tree."""
    found = [*(root / "Documentation").rglob("*.rst"), *root.glob("*.rst"), *root.glob("*.md")]
    return sorted(path.relative_to(root) for path in found)


def blocks(root: Path, pages: list[Path]) -> Iterator[Block]:
    """All blocks of some pages that are kept true."""
    for page in pages:
        yield from blocks_of(page, (root / page).read_text())


def host_commands(found: list[Block]) -> list[str]:
    """What the host is to run, each once."""
    texts = (one.text for block in found for one in block.commands if one.is_for_host)
    return list(dict.fromkeys(texts))


def planned(found: list[Block], pages: list[Path]) -> dict[str, Any]:
    """What is to be run: by the host, and, in this order, by the guest."""
    return {
        "pages": [str(page) for page in pages],
        "host": host_commands(found),
        "guest": [
            {"page": str(block.page), "text": command.text}
            for block in found
            for command in block.commands
            if not command.is_for_host
        ],
    }


def write_plan(root: Path, folder: Path, pages: list[Path]) -> None:
    """Writes down what is to be run, for some pages or for all."""
    pages = pages or sources(root)
    steps = planned(list(blocks(root, pages)), pages)
    (folder / "plan.json").write_text(json.dumps(steps))
    for number, text in enumerate(steps["host"]):
        (folder / f"host.{number}").write_text(text)


def read_answers(root: Path, folder: Path) -> Answers:
    """What became of what was planned."""
    plan = json.loads((folder / "plan.json").read_text())
    pages = [Path(page) for page in plan["pages"]]
    found = list(blocks(root, pages))
    if plan != planned(found, pages):
        raise MalformedError("the documentation was changed while its commands ran; once more")
    everything = json.loads((folder / "answers.json").read_text())
    of_guest = iter([Ran(**one) for one in everything["answers"]])
    of_host = {
        text: Ran(
            int((folder / f"host.{number}.status").read_text()),
            (folder / f"host.{number}.output").read_text().splitlines(),
        )
        for number, text in enumerate(host_commands(found))
    }
    ran = [
        [of_host[one.text] if one.is_for_host else next(of_guest) for one in block.commands]
        for block in found
    ]
    return Answers(
        list(zip(found, ran, strict=True)), everything["facts"], Ran(**everything["worked"])
    )
