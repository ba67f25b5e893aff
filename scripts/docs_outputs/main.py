# SPDX-License-Identifier: GPL-2.0
"""Plans what is to be run, and then writes the documentation anew or compares it."""

import argparse
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import code, worked
from .blocks import Block, MalformedError, with_blocks
from .claims import without_figures
from .normal import normal
from .pages import pages
from .plan import Ran, read_answers, sources, write_plan

# Where scripts/build leaves the library.
BUILD = Path("build/stock")
# The most lines of a difference that are told.
TOLD = 40


class Result(NamedTuple):
    """What became of a part of the documentation: its place, and what differs."""

    name: str
    problems: list[str]


def complaints(block: Block, ran: list[Ran]) -> Iterator[str]:
    """What is wrong with how the commands ended, or with what they printed."""
    if block.is_refused and all(one.status == 0 for one in ran):
        yield f"line {block.start + 1}: no command of the block was refused"
    for command, one in zip(block.commands, ran, strict=True):
        if one.status != 0 and not block.is_refused:
            yield f"line {command.line}: '{command.text}' ended with status {one.status}:"
            yield from one.output[-10:]
        if command.output and not one.output:
            # A filter that finds nothing any more would otherwise empty the page.
            yield f"line {command.line}: '{command.text}' printed nothing"
        for line in one.output:
            if line.startswith(("# ", "$ ", "> ")):
                yield f"line {command.line}: '{line}' would be taken for a command"


def trimmed(output: list[str]) -> list[str]:
    """Without blank lines at the end."""
    end = len(output)
    while end > 0 and not output[end - 1].strip():
        end -= 1
    return [line.rstrip() for line in output[:end]]


def differences(old: list[str], new: list[str]) -> list[str]:
    """What differs, the context of it, and no more than can be read."""
    lines = list(difflib.unified_diff(old, new, "documented", "printed", lineterm="", n=2))
    return lines[:TOLD]


def block_result(block: Block, ran: list[Ran]) -> Result:
    """Compares what is documented with what was printed."""
    problems = list(complaints(block, ran))
    for command, one in zip(block.commands, ran, strict=True):
        problems += differences(normal(trimmed(command.output)), normal(trimmed(one.output)))
    return Result(f"{block.place}: {block.commands[0].text.splitlines()[0]}", problems)


def check(root: Path, folder: Path) -> Iterator[Result]:
    """Compares all that is documented with what was printed now."""
    found, facts, of_worked = read_answers(root, folder)
    for block, of_block in found:
        yield block_result(block, of_block)
    yield Result(f"{worked.PAGE}: the worked examples run", worked.problems(*of_worked))
    for name, text in pages(root, facts).items():
        path = root / "Documentation" / name
        old = path.read_text() if path.exists() else ""
        problems = differences(
            without_figures(old).splitlines(), without_figures(text).splitlines()
        )
        yield Result(f"Documentation/{name}", problems)
    for page in sources(root):
        for one in code.code_of(page, (root / page).read_text()):
            yield Result(f"{one.place}: it compiles", code.problems(one, BUILD))


def write(root: Path, folder: Path) -> Iterator[str]:
    """Writes the outputs anew that differ in more than figures. Returns what went wrong."""
    found, facts, of_worked = read_answers(root, folder)
    yield from worked.problems(*of_worked)
    changed: set[Path] = set()
    for block, of_block in found:
        yield from (f"{block.page}: {line}" for line in complaints(block, of_block))
        for command, one in zip(block.commands, of_block, strict=True):
            output = trimmed(one.output)
            if normal(trimmed(command.output)) != normal(output):
                # What follows on a command in a block follows on a blank line.
                is_last = command is block.commands[-1]
                command.output = output if is_last or not output else [*output, ""]
                changed.add(block.page)
    for page in changed:
        of_page = [block for block, _ in found if block.page == page]
        (root / page).write_text(with_blocks((root / page).read_text(), of_page))
    for name, text in pages(root, facts).items():
        path = root / "Documentation" / name
        if not path.exists() or without_figures(path.read_text()) != without_figures(text):
            path.write_text(text)


def ktap(results: list[Result]) -> int:
    """Prints a case for each part of the documentation. Returns the exit status."""
    print(f"KTAP version 1\n1..{len(results)}")
    failed = 0
    for number, result in enumerate(results, 1):
        for line in result.problems:
            print(f"# {line}")
        failed += bool(result.problems)
        print(f"{'not ok' if result.problems else 'ok'} {number} - {result.name}")
    print(f"# Totals: pass:{len(results) - failed} fail:{failed} skip:0")
    return 1 if failed or not results else 0


def main() -> int:
    """Does one step of scripts/docs-outputs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("action", choices=["plan", "write", "check"])
    parser.add_argument("folder", type=Path, help="where the plan and the answers are")
    parser.add_argument("pages", type=Path, nargs="*", help="of a plan; all if there is none")
    arguments = parser.parse_args()
    root, folder = Path.cwd(), arguments.folder
    try:
        match arguments.action:
            case "plan":
                write_plan(root, folder, arguments.pages)
                worked.carry_out(root, folder / "worked")
            case "check":
                return ktap(list(check(root, folder)))
            case _:
                problems = list(write(root, folder))
                print("".join(f"{line}\n" for line in problems), end="", file=sys.stderr)
                return 1 if problems else 0
    except (MalformedError, worked.UndoneError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
