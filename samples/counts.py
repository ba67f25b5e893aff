# SPDX-License-Identifier: GPL-2.0
"""Counts what there is in the source of a sample."""

import re
from dataclasses import dataclass
from pathlib import Path

# Whichever begins first. Where Rust's quote begins a lifetime, nothing is matched.
TEXT = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', re.DOTALL
)


@dataclass(frozen=True)
class Language:
    """How the source of a language is read."""

    # What every module has, which is not counted.
    frame: re.Pattern[str]
    branches: re.Pattern[str]
    # What passes an error on, and frees what there was.
    passed_on: re.Pattern[str]
    frees: re.Pattern[str]


C = Language(
    frame=re.compile(r"^(?:#include|#define pr_fmt|module_|MODULE_)[^\n]*\n", re.MULTILINE),
    branches=re.compile(r"\b(?:if|for|while|switch|goto)\b|\?"),
    passed_on=re.compile(r"(?!)"),
    frees=re.compile(
        r"\b(?:kfree|vfree|kvfree|free_pages?|__free_pages|kmem_cache_free|kmem_cache_destroy)\("
    ),
)
RUST = Language(
    frame=re.compile(r"^(?:use [^;]*;|mod \w+;|module! \{.*?^\})\n", re.DOTALL | re.MULTILINE),
    branches=re.compile(r"\b(?:if|match|while|loop)\b|\bfor [^{;]*? in "),
    passed_on=re.compile(r"\?"),
    frees=re.compile(r"\bdrop\b"),
)


@dataclass(frozen=True)
class Counts:
    """What there is in a source."""

    lines: int
    branches: int
    passed_on: int
    frees: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.lines + other.lines,
            self.branches + other.branches,
            self.passed_on + other.passed_on,
            self.frees + other.frees,
        )


def code_of(text: str) -> str:
    """The text without comments, what is in strings, and empty lines."""
    bare = TEXT.sub(lambda found: "" if found["comment"] else '""', text)
    return "".join(f"{line}\n" for line in bare.splitlines() if line.strip())


def counts_of(source: Path) -> Counts:
    """Counts a file, whose name tells the language."""
    language = C if source.suffix == ".c" else RUST
    code = language.frame.sub("", code_of(source.read_text()))
    return Counts(
        lines=len(code.splitlines()),
        branches=len(language.branches.findall(code)),
        passed_on=len(language.passed_on.findall(code)),
        frees=len(language.frees.findall(code)),
    )
