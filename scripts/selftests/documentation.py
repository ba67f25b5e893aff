# SPDX-License-Identifier: GPL-2.0
"""The documentation, compared with the module that is loaded."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lab

TREE = Path(__file__).resolve().parents[2]
DOCUMENTATION = TREE / "Documentation"
sys.path.insert(0, str(TREE / "scripts"))

from docs_outputs import presets, scenarios  # noqa: E402
from memalloc_cli.scenarios import parse  # noqa: E402

MODULE = TREE / "build" / os.environ.get("KERNEL", "stock") / "rust_memalloc.ko"
ABI = DOCUMENTATION / "ABI/testing/debugfs-rust_memalloc"
MANUAL_PAGE = DOCUMENTATION / "man/rust_memalloc.4"
PARAMETERS = DOCUMENTATION / "reference/module-parameters.rst"


def files() -> set[str]:
    """The module's files."""
    return set(os.listdir(lab.LAB))


def the_scenarios_are_documented() -> Iterator[str]:
    expected = scenarios.page(lab.read("scenarios"), presets.of_tree(TREE)).splitlines()
    got = (DOCUMENTATION / "reference/scenarios.rst").read_text().splitlines()
    if got != expected:
        missing = [line for line in expected if line not in got]
        yield "make docs-outputs would write Documentation/reference/scenarios.rst anew"
        yield from (f"it lacks: {line}" for line in missing[:10])


def the_files_are_in_the_abi() -> Iterator[str]:
    described = re.findall(rf"^What:\t\t{lab.LAB}/(\w+)$", ABI.read_text(), re.MULTILINE)
    if set(described) != files() or len(described) != len(files()):
        yield f"the module has {sorted(files())}, and described are {sorted(described)}"


def the_modes_are_in_the_abi() -> Iterator[str]:
    pattern = rf"^What:\t\t{lab.LAB}/(\w+)$(?:\n(?!What:).*)*?\((?:RW|RO), mode (0\d+)\)"
    described = dict(re.findall(pattern, ABI.read_text(), re.MULTILINE))
    for name in files():
        mode = f"{os.stat(lab.path_of(name)).st_mode & 0o7777:04o}"
        if described.get(name) != mode:
            yield f"{name} has the mode {mode}, and {described.get(name)} is described"


def the_module_parameters_are_documented() -> Iterator[str]:
    run = subprocess.run(
        ["modinfo", "-F", "parm", MODULE], check=True, capture_output=True, text=True
    )
    names = [line.partition(":")[0] for line in run.stdout.splitlines()]
    if not names:
        yield f"{MODULE} has no parameters"
    for name in names:
        if f"\n``{name}``\n" not in PARAMETERS.read_text():
            yield f"{PARAMETERS.name} does not tell of {name}"
        if f"\n.B {name}\n" not in MANUAL_PAGE.read_text():
            yield f"{MANUAL_PAGE.name} does not tell of {name}"


def the_manual_page_names_all() -> Iterator[str]:
    text = MANUAL_PAGE.read_text()
    for name in files():
        if f"\n.IR {name} " not in text:
            yield f"it does not tell of the file {name}"
    keys = {one.key for scenario in parse(lab.read("scenarios")) for one in scenario.parameters}
    for key in sorted(keys):
        if re.search(rf"^\.BR? .*\b{key}\b", text, re.MULTILINE) is None:
            yield f"it does not tell of the parameter {key}"


lab.check(
    [
        ("the reference has the scenarios of this module", the_scenarios_are_documented),
        ("the description of the interface has all files, and no other", the_files_are_in_the_abi),
        ("the description of the interface has the modes", the_modes_are_in_the_abi),
        ("the module's parameters are documented", the_module_parameters_are_documented),
        ("rust_memalloc(4) names all files and parameters", the_manual_page_names_all),
    ]
)
