#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Adds our crates to the project that the kernel's own generator writes, and prints it.

That generator knows the kernel's crates. Of a module's it takes those whose object a Makefile
names, and gives them neither other crates nor generated code. Ours are taken from the commands that
compiled them.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from kbuild_command import RustCommand, rust_command

Crate = dict[str, Any]
# How a crate includes what bindgen has made for it.
GENERATED = re.compile(r'env!\("(\w+_GENERATED)"\)')
BINDINGS = "bindings_generated.rs"


class MissingError(Exception):
    """A file that the project names and that does not exist."""


def commands(build: Path) -> Iterator[tuple[Path, RustCommand]]:
    """The crates of a build, each with its object.

    The library may have been compiled several times. Crates that are generated, whose paths are
    relative, are not for editors, and copies are not either.
    """
    seen: set[str] = set()
    for saved in sorted(build.rglob(".*.o.cmd"), key=lambda path: (len(path.parts), path)):
        if " rustc " not in saved.read_text().splitlines()[0]:
            continue
        made = saved.with_name(saved.name.removeprefix(".").removesuffix(".cmd"))
        command = rust_command(made.parent, made.name)
        is_source = command.source.startswith("/")
        is_copy = Path(command.source).is_relative_to(build.resolve())
        if is_source and not is_copy and command.source not in seen:
            seen.add(command.source)
            yield made, command


def after(flags: list[str], option: str) -> list[str]:
    """The words that follow an option."""
    return [value for flag, value in pairwise(flags) if flag == option]


def sources(made: Path) -> list[Path]:
    """The files that a crate was compiled from."""
    text = made.with_name(f".{made.name}.cmd").read_text()
    found = re.findall(r"^  (/\S+\.rs) \\$", text, re.MULTILINE)
    return [Path(one) for one in found]


def generated_folders(made: Path) -> dict[str, str]:
    """Where the crate's generated code is, by the variables that it is included with."""
    files = sources(made)
    folders = [str(file.parent) for file in files if file.name == BINDINGS]
    names = {name for file in files for name in GENERATED.findall(file.read_text())}
    return {name: folder for name in names for folder in folders}


def crate(made: Path, command: RustCommand, numbers: dict[str, int], common: list[str]) -> Crate:
    """A crate as rust-analyzer wants it. `numbers` are those of the crates it may need."""
    environment = dict(word.split("=", 1) for word in command.environment)
    generated = generated_folders(made)
    needed = ["core", *after(command.flags, "--extern")]
    return {
        "display_name": Path(command.source).stem,
        "root_module": command.source,
        "is_workspace_member": True,
        "deps": [{"crate": numbers[name], "name": name} for name in dict.fromkeys(needed)],
        "cfg": [*common, *after(command.flags, "--cfg")],
        "edition": "2021",
        "env": {**environment, **generated},
        "source": {
            "include_dirs": [str(Path(command.source).parent), *generated.values()],
            "exclude_dirs": [],
        },
    }


def project(build: Path, kernel: dict[str, Any]) -> dict[str, Any]:
    """The kernel's crates, without those of modules, and ours."""
    here = str(Path.cwd())
    # The kernel's are for looking things up, and not to be checked while one types.
    crates = [
        {**one, "is_workspace_member": False}
        for one in kernel["crates"]
        if not one["root_module"].startswith(here)
    ]
    numbers = {one["display_name"]: number for number, one in enumerate(crates)}
    common = crates[numbers["kernel"]]["cfg"]
    # The library first: the others need it.
    found = sorted(commands(build), key=lambda one: one[1].source.endswith("/memalloc.rs"))[::-1]
    for made, command in found:
        crates.append(crate(made, command, numbers, common))
        numbers.setdefault(Path(command.source).stem, len(crates) - 1)
    return {**kernel, "crates": crates}


def check(whole: dict[str, Any]) -> None:
    """Looks whether all that the project names is there."""
    for one in whole["crates"]:
        paths = [one["root_module"], *one.get("source", {}).get("include_dirs", [])]
        paths += [one["proc_macro_dylib_path"]] if "proc_macro_dylib_path" in one else []
        for path in paths:
            if not Path(path).exists():
                raise MissingError(f"{one['display_name']}: {path} does not exist")


def mapped(value: object, places: dict[str, str]) -> object:
    """The same with paths as they are outside of the root filesystem."""
    match value:
        case str():
            for inside, outside in places.items():
                if value == inside or value.startswith(inside + "/"):
                    return outside + value.removeprefix(inside)
            return value
        case list():
            return [mapped(one, places) for one in value]
        case dict():
            return {key: mapped(one, places) for key, one in value.items()}
        case _:
            return value


def main() -> int:
    """Prints the project."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--map", action="append", default=[], metavar="INSIDE=OUTSIDE")
    parser.add_argument("build", type=Path, help="where scripts/build has built")
    parser.add_argument("kernel", type=Path, help="the project of the kernel's own generator")
    arguments = parser.parse_args()
    whole = project(arguments.build, json.loads(arguments.kernel.read_text()))
    check(whole)
    places = dict(one.split("=", 1) for one in arguments.map)
    print(json.dumps(mapped(whole, places), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
