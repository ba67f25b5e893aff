#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Calls rustdoc for the crates of a build. Kbuild does so for the kernel's own crates only."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from kbuild_command import rust_command

# Where the kernel's own crates are documented.
KERNEL_DOCS = "https://rust.docs.kernel.org"


class Crate(NamedTuple):
    """A crate, and how it is to be shown."""

    name: str
    made: str
    options: list[str]


CRATES = [
    Crate("memalloc", "memalloc/memalloc.o", []),
    Crate("rust_memalloc", "root/rust_memalloc.o", ["--document-private-items"]),
]


def document(crate: Crate, build: Path, output: Path) -> int:
    """Documents a crate, with warnings as errors."""
    environment, flags, source = rust_command(build, crate.made)
    links = [f"--extern-html-root-url={name}={KERNEL_DOCS}" for name in ("core", "kernel")]
    options = ["-Dwarnings", "-Zunstable-options", f"--crate-name={crate.name}", *links]
    # Bindings are included from there.
    generated = {
        "MEMALLOC_GENERATED": str(build.resolve() / "memalloc/ffi"),
        "PLATFORM_GENERATED": str(build.resolve() / "platform"),
        "C_CALLS_GENERATED": str(build.resolve() / "bench/c_calls"),
        "MISUSE_GENERATED": str(build.resolve() / "misuse"),
    }
    variables = dict(word.split("=", 1) for word in environment)
    run = subprocess.run(
        ["rustdoc", *flags, *options, *crate.options, "-o", output.resolve(), source],
        cwd=build,
        env={**os.environ, **generated, **variables},
        check=False,
    )
    return run.returncode


def main() -> int:
    """Documents all crates."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("build", type=Path, help="where scripts/build has built")
    build: Path = parser.parse_args().build
    output = build / "rustdoc"
    # What has gone from the sources goes from there, too.
    shutil.rmtree(output, ignore_errors=True)
    # All of them, so that all warnings are seen.
    statuses = [document(crate, build, output) for crate in CRATES]
    if any(statuses):
        return 1
    for crate in CRATES:
        print(output / crate.name / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
