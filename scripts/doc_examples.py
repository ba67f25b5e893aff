#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes a test module of the examples in Rust documentation.

External modules have no doctests. As the kernel does for its own (scripts/rustdoc_test_gen.rs),
each example becomes a function, and its assertions record what is wrong instead of stopping the
kernel.
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What may follow the fence of an example that runs.
RUNS = {"", "rust"}
# What would stop the kernel, were the example wrong.
PANICS = re.compile(r"\.(unwrap|expect)(_err)?\(|\b(panic|unreachable|todo|unimplemented)!")
DOC = re.compile(r"\s*//[/!]( |$)(?P<text>.*)")
ITEM = re.compile(
    r"(?P<indent> *)(?P<public>pub )?"
    r'(?:(?:const|async|unsafe|extern "C") )*'
    r"(?P<kind>fn|struct|enum|union|trait|type|mod|const|static) (?P<name>\w+)"
)
TYPES = {"struct", "enum", "union", "trait", "type"}
IMPL = re.compile(r"impl(?:<.*>)? (?P<type>\w+)")
ALIAS = re.compile(r"^pub type (\w+)[^;]*? = (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One fenced piece of code; `line` is that of the opening fence."""

    file: str
    line: int
    code: list[str]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Item:
    """A public item, the type that it is a part of, and the lines of documentation before it."""

    file: str
    line: int
    kind: str
    name: str
    owner: str | None
    doc: list[str]

    def __str__(self) -> str:
        name = f"{self.owner}::{self.name}" if self.owner else self.name
        return f"{self.file}:{self.line}: {self.kind} {name}"

    @property
    def has_example(self) -> bool:
        return any(is_fence(text) for text in self.doc)

    def is_used_in(self, code: str) -> bool:
        use = rf"\b{self.name}(::<.*>)?\(" if self.kind == "fn" else rf"\b{self.name}\b"
        return re.search(use, code) is not None


def is_fence(text: str) -> bool:
    return text.strip().startswith("```")


def shown(text: str) -> str:
    """A line of code as the compiler sees it: rustdoc hides lines after `# `, and `##` is `#`."""
    stripped = text.lstrip()
    if stripped == "#":
        return ""
    if stripped.startswith("# "):
        return stripped[2:]
    return text.replace("##", "#", 1) if stripped.startswith("##") else text


def examples_of(file: str, lines: list[str]) -> Iterator[Example]:
    opened: tuple[int, bool, list[str]] | None = None
    for number, line in enumerate(lines, 1):
        doc = DOC.fullmatch(line)
        if doc is None:
            if opened is not None:
                sys.exit(f"{file}:{opened[0]}: the example has no end")
            continue
        text = doc["text"]
        if not is_fence(text):
            if opened is not None:
                opened[2].append(shown(text))
        elif opened is None:
            runs = text.strip().removeprefix("```") in RUNS
            opened = (number, runs, [])
        else:
            if opened[1]:
                yield Example(file, opened[0], opened[2])
            opened = None


def blocks(lines: list[str]) -> list[int]:
    """For each line the end of the private module or macro that it is in, else 0."""
    ends = [0] * len(lines)
    opening = re.compile(r"( *)((?:pub\([^)]*\) )?mod \w+|macro_rules! \w+|\w+!)\s*\{")
    for start, line in enumerate(lines):
        match = opening.fullmatch(line)
        if match is None or ends[start]:
            continue
        end = start
        while end < len(lines) and lines[end] != match[1] + "}":
            end += 1
        ends[start : end + 1] = [end] * (end + 1 - start)
    return ends


def documentation(lines: list[str], item: int) -> list[str]:
    """The lines of documentation before line `item`, past attributes and comments."""
    doc: list[str] = []
    for line in reversed(lines[:item]):
        match = DOC.fullmatch(line)
        if match is not None and "//!" not in line:
            doc.append(match["text"])
        elif not line.strip() or not re.match(r"\s*(#\[|//|\)?\])|.*\)\]$", line):
            break
    return doc[::-1]


def items_of(file: str, lines: list[str]) -> Iterator[Item]:
    hidden = blocks(lines)
    owner = None
    for index, line in enumerate(lines):
        if line and not line.startswith((" ", "}")):
            implements = IMPL.match(line)
            owner = implements["type"] if implements else None
        match = ITEM.match(line)
        if match is None or match["public"] is None or hidden[index]:
            continue
        doc = documentation(lines, index)
        if match["kind"] == "mod" and line.endswith(";"):
            folder = Path(file).parent
            if Path(file).name not in ("mod.rs", f"{folder.name}.rs"):
                folder /= Path(file).stem
            doc += module_documentation(folder / match["name"])
        yield Item(file, index + 1, match["kind"], match["name"], owner, doc)


def module_documentation(module: Path) -> list[str]:
    for path in (module.with_suffix(".rs"), module / "mod.rs"):
        if path.exists():
            found = (line for line in path.read_text().splitlines() if line.startswith("//!"))
            return [line[3:].strip() for line in found]
    return []


def visible(items: list[Item], sources: dict[str, list[str]]) -> list[Item]:
    """The items that other crates can name: of a public module, or published by `pub use`."""
    text = "\n".join("\n".join(lines) for lines in sources.values())
    uses = " ".join(re.findall(r"^pub use ([^;]*);", text, re.MULTILINE))
    published = set(re.findall(r"\w+", uses))
    public_modules = set(re.findall(r"^pub mod (\w+);", text, re.MULTILINE))

    def is_visible(item: Item) -> bool:
        path = Path(item.file)
        # What macros expand to is public, and hidden from documentation.
        if path.parent.name == "ffi" or item.name.startswith("__"):
            return False
        module = path.parent.name if path.name == "mod.rs" else path.stem
        inside = sources[item.file][item.line - 1].startswith(" ")
        return inside or module in public_modules or item.name in published

    return [item for item in items if is_visible(item) or item.file.endswith("/memalloc.rs")]


def without_example(
    items: list[Item], sources: dict[str, list[str]], examples: list[Example]
) -> list[Item]:
    """The types without an example, and the functions and constants that no example uses.

    An example of the item itself counts, and one in a file about the item's type: where that, an
    alias of it, or another part of it is.
    """
    aliases = dict(ALIAS.findall("\n".join("\n".join(lines) for lines in sources.values())))

    def subject(name: str | None) -> str | None:
        return aliases.get(name, name) if name else None

    def is_about(file: str, item: Item) -> bool:
        if item.owner is None or file == item.file:
            return file == item.file
        return any(
            subject(other.owner or other.name) == subject(item.owner)
            for other in items
            if other.file == file
        )

    def is_shown(item: Item) -> bool:
        if item.has_example or item.kind == "mod":
            return True
        return item.kind not in TYPES and any(
            item.is_used_in(line)
            for example in examples
            if is_about(example.file, item)
            for line in example.code
            if not line.lstrip().startswith("//")
        )

    return [item for item in items if not is_shown(item)]


PREAMBLE = """\
// SPDX-License-Identifier: GPL-2.0

//! Runs the examples of the library's documentation, and reports in KTAP. Generated by
//! scripts/doc_examples.py.

#![allow(unused, missing_docs, clippy::all)]

use core::sync::atomic::{AtomicBool, Ordering};
use kernel::prelude::*;

module! {
    type: Examples,
    name: "memalloc_examples",
    authors: ["rust_memalloc"],
    description: "The examples in the documentation of memalloc",
    license: "GPL v2",
}

type Outcome = core::result::Result<(), kernel::error::Error>;

struct Example {
    place: &'static str,
    run: fn() -> Outcome,
}

struct Examples;

/// Whether an assertion of the example that runs did not hold.
static WRONG: AtomicBool = AtomicBool::new(false);

// These take the place of those in `core`, which would stop the kernel. `PLACE` is the example's.

macro_rules! assert {
    ($condition:expr $(, $($message:tt)*)?) => {
        if !$condition {
            let line = PLACE.1 + core::line!() - PLACE.2;
            pr_info!("# {}:{line}: not true: {}\\n", PLACE.0, stringify!($condition));
            WRONG.store(true, Ordering::Relaxed);
        }
    };
}

macro_rules! assert_eq {
    ($left:expr, $right:expr $(, $($message:tt)*)?) => {
        assert!($left == $right)
    };
}

macro_rules! assert_ne {
    ($left:expr, $right:expr $(, $($message:tt)*)?) => {
        assert!($left != $right)
    };
}

impl kernel::Module for Examples {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        pr_info!("KTAP version 1\\n");
        pr_info!("1..{}\\n", EXAMPLES.len());
        for (index, example) in EXAMPLES.iter().enumerate() {
            WRONG.store(false, Ordering::Relaxed);
            let outcome = (example.run)();
            if let Err(error) = outcome {
                pr_info!("# {}: it returned {error:?}\\n", example.place);
            }
            let passed = outcome.is_ok() && !WRONG.load(Ordering::Relaxed);
            let word = if passed { "ok" } else { "not ok" };
            pr_info!("{word} {} - {}\\n", index + 1, example.place);
        }
        Ok(Self)
    }
}
"""


def function(number: int, example: Example) -> str:
    code = textwrap.indent("\n".join(example.code), "    ")
    tail = "" if code.rstrip().endswith("(())") else "    Ok(())\n"
    return f"""
#[inline(never)]
fn example_{number}() -> Outcome {{
    const PLACE: (&str, u32, u32) = ("{example.file}", {example.line}, core::line!());
{code}
{tail}}}
"""


def crate(examples: list[Example]) -> str:
    table = "".join(
        f'    Example {{ place: "{example.place}", run: example_{number} }},\n'
        for number, example in enumerate(examples)
    )
    functions = "".join(function(number, example) for number, example in enumerate(examples))
    return f"{PREAMBLE}\nstatic EXAMPLES: &[Example] = &[\n{table}];\n{functions}"


def check(sources: dict[str, list[str]], examples: list[Example]) -> bool:
    """Prints what is wrong; returns whether nothing is."""
    items = visible([item for file in sources for item in items_of(file, sources[file])], sources)
    undocumented = [item for item in items if not item.doc]
    for item in undocumented:
        print(f"{item} has no documentation")
    panicking = [
        f"{example.file}:{example.line + offset}"
        for example in examples
        for offset, line in enumerate(example.code, 1)
        if PANICS.search(line)
    ]
    for place in panicking:
        print(f"{place}: the example could stop the kernel; use `?` or an assertion")
    bare = without_example(items, sources, examples)
    for item in bare:
        print(f"{item} has no example")
    print(f"# {len(items)} public items, {len(examples)} examples")
    return bool(items) and bool(examples) and not (undocumented or panicking or bare)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--list", action="store_true", help="print the place of each example")
    action.add_argument("--check", action="store_true", help="check what is documented, and how")
    parser.add_argument("root", type=Path, help="the folder that places are relative to")
    parser.add_argument("folder", help="where the sources are, within it")
    arguments = parser.parse_args()

    root: Path = arguments.root
    sources = {
        str(path.relative_to(root)): path.read_text().splitlines()
        for path in sorted((root / arguments.folder).rglob("*.rs"))
    }
    examples = [example for file in sources for example in examples_of(file, sources[file])]
    if arguments.check:
        return 0 if check(sources, examples) else 1
    if arguments.list:
        print("".join(f"{example.place}\n" for example in examples), end="")
    else:
        print(crate(examples), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
