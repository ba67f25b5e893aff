# SPDX-License-Identifier: GPL-2.0
"""Prints how much text a module gets by one more use of an operation, through C and the others."""

import argparse
from pathlib import Path

from compare_disassembly import PATHS, library_function
from disassembly import Function, functions_of


def line(via: str, functions: list[Function], c_functions: list[Function]) -> str:
    """The mean over the functions, and how it compares with C's."""
    mean_bytes = sum(function.size_bytes() for function in functions) / len(functions)
    c_bytes = sum(function.size_bytes() for function in c_functions) / len(c_functions)
    growth = (mean_bytes / c_bytes - 1) * 100
    return f"{via:16} {len(functions):>9} {mean_bytes:>18.1f} {growth:>+9.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "build", type=Path, help="where scripts/build --source bench left the objects"
    )
    build: Path = parser.parse_args().build
    c_functions = functions_of(build / "c_paths.o")
    rust_functions = functions_of(build / "root" / "rust_bench.o")

    c = [c_functions[f"{op}_{size_bytes}"] for op, size_bytes, _ in PATHS]
    library = [library_function(rust_functions, op, amount) for op, _, amount in PATHS]
    names = [f"kernel_crate::constant::{op}::<{amount}>" for op, _, amount in PATHS]
    kernel = [rust_functions[name] for name in names if name in rust_functions]

    print(f"{'via':16} {'functions':>9} {'bytes of text each':>18} {'to C':>11}")
    for via, functions in (("C", c), ("the library", library), ("the kernel crate", kernel)):
        print(line(via, functions, c))


if __name__ == "__main__":
    main()
