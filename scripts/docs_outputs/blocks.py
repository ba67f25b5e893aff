# SPDX-License-Identifier: GPL-2.0
"""Commands and their outputs in the pages of the documentation.

A block that is kept true looks so in reStructuredText:

    .. code-block:: console
       :class: checked

       # scripts/memalloc list
       probe      What does the kernel really give for one request?

and so in Markdown:

    <!-- checked -->
    ```console
    $ make run
    …
    ```

A line that begins with `# ` or `$ ` is a command, and lines that begin with `> ` continue it. What
follows up to the next command is its output. The class `refused` besides says that a command of the
block fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DIRECTIVE = re.compile(r"(?P<indent> *)\.\. code-block:: console")
OPTION = re.compile(r" +:class: (?P<classes>[a-z ]+)")
COMMENT = re.compile(r"<!-- (?P<classes>checked[a-z ]*) -->")
# What runs on the machine of whoever builds, and not in the guest that all others share.
ON_HOST = re.compile(r"make |scripts/(?!memalloc |vm -- )")


@dataclass
class Command:
    """A command, and what it is said to print."""

    prompt: str
    text: str
    line: int
    output: list[str] = field(default_factory=list)

    @property
    def is_for_host(self) -> bool:
        return self.prompt == "$" and ON_HOST.match(self.text) is not None

    def lines(self) -> list[str]:
        """As it stands in the page."""
        first, *rest = self.text.splitlines()
        return [f"{self.prompt} {first}", *(f"> {line}" for line in rest), *self.output]


@dataclass
class Block:
    """Commands that stand together. `start` and `end` are those of its lines, counted from 0."""

    page: Path
    start: int
    end: int
    indent: str
    is_refused: bool
    commands: list[Command]

    @property
    def place(self) -> str:
        return f"{self.page}:{self.start + 1}"

    def lines(self) -> list[str]:
        """As it stands in the page."""
        lines = [line for command in self.commands for line in command.lines()]
        return [f"{self.indent}{line}".rstrip() for line in lines]


class MalformedError(ValueError):
    """A block that cannot be run."""


def commands_of(lines: list[str], first: int) -> Iterator[Command]:
    """The commands of a block whose first line has the number `first`."""
    command: Command | None = None
    for number, line in enumerate(lines, first):
        if line.startswith(("# ", "$ ")):
            if command:
                yield command
            command = Command(line[0], line[2:], number)
        elif command is None:
            raise MalformedError(f"line {number}: a block begins with a command")
        elif line.startswith("> ") and not command.output:
            command.text += "\n" + line[2:]
        else:
            command.output.append(line)
    if command:
        yield command


def block(page: Path, lines: list[str], start: int, indent: str, classes: list[str]) -> Block:
    """The block whose body begins at `start` and is indented, or ends with a fence."""
    end = start
    while end < len(lines) and (
        lines[end] != "```" if not indent else lines[end].startswith(indent) or not lines[end]
    ):
        end += 1
    while end > start and not lines[end - 1]:
        end -= 1
    body = [line.removeprefix(indent) for line in lines[start:end]]
    try:
        commands = list(commands_of(body, start + 1))
    except MalformedError as error:
        raise MalformedError(f"{page}: {error}") from error
    if not commands:
        raise MalformedError(f"{page}: line {start + 1}: a block without a command")
    return Block(page, start, end, indent, "refused" in classes, commands)


def blocks_of(page: Path, text: str) -> Iterator[Block]:
    """The blocks of a page that are kept true."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        directive = DIRECTIVE.fullmatch(line)
        option = OPTION.fullmatch(lines[index + 1]) if index + 1 < len(lines) else None
        if directive and option and "checked" in option["classes"].split():
            indent = directive["indent"] + "   "
            yield block(page, lines, index + 3, indent, option["classes"].split())
        comment = COMMENT.fullmatch(line)
        if comment and lines[index + 1] == "```console":
            yield block(page, lines, index + 2, "", comment["classes"].split())


def with_blocks(text: str, blocks: list[Block]) -> str:
    """The page with these blocks in place of those that it had."""
    lines = text.splitlines()
    for one in reversed(blocks):
        lines[one.start : one.end] = one.lines()
    return "\n".join(lines) + "\n"
