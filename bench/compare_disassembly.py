# SPDX-License-Identifier: GPL-2.0
"""Compares what the library compiles to with what C does, and prints KTAP.

For a size that is known at compile time, an allocation and its free through the library make the
calls that C makes, and no others, in as many instructions.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from disassembly import Function, calls, functions_of

# For each operation its sizes in bytes, and what it takes for them.
SLAB_BYTES = (8, 64, 100, 256, 1024, 4096, 8192, 65536)
WORD_BYTES = 4
PAIRS: dict[str, list[tuple[int, int]]] = {
    "kmalloc": [(size, size) for size in SLAB_BYTES],
    "kzalloc": [(size, size) for size in SLAB_BYTES],
    "kmalloc_array": [(size, size // WORD_BYTES) for size in SLAB_BYTES],
    "kcalloc": [(size, size // WORD_BYTES) for size in SLAB_BYTES],
    "kvmalloc": [(4096, 4096), (16384, 16384), (65536, 65536)],
    "alloc_pages": [(4096, 0), (32768, 3), (4194304, 10)],
}
# The same, one by one: operation, size in bytes, and what it takes for that.
PATHS = [(op, *pair) for op, pairs in PAIRS.items() for pair in pairs]
# The compiler merges functions whose code is the same, and drops one of the names.
SAME_AS = {"kmalloc": "kmalloc_array", "kzalloc": "kcalloc"}


def library_function(functions: dict[str, Function], op: str, amount: int) -> Function:
    """The library's path, under the name that is left of it."""
    function = functions.get(f"library::constant::{op}::<{amount}>")
    if function is None:
        function = functions[f"library::constant::{SAME_AS[op]}::<{amount // WORD_BYTES}>"]
    return function


def difference(c: Function, library: Function) -> Iterator[str]:
    """How the loops differ."""
    c_loop, library_loop = c.loop(), library.loop()
    if calls(c_loop) != calls(library_loop):
        yield f"C calls {calls(c_loop)}, the library {calls(library_loop)}"
    if len(c_loop) != len(library_loop):
        yield f"C has {len(c_loop)} instructions in a round, the library {len(library_loop)}"
    elsewhere = set(calls(library.instructions)) - set(calls(c.instructions))
    if elsewhere:
        yield f"the library calls {sorted(elsewhere)} after a failure"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "build", type=Path, help="where scripts/build --source bench left the objects"
    )
    build: Path = parser.parse_args().build
    c_functions = functions_of(build / "c_paths.o")
    rust_functions = functions_of(build / "root" / "rust_bench.o")

    failed = 0
    print(f"KTAP version 1\n1..{len(PATHS)}")
    for number, (op, size_bytes, amount) in enumerate(PATHS, start=1):
        c = c_functions[f"{op}_{size_bytes}"]
        library = library_function(rust_functions, op, amount)
        found = list(difference(c, library))
        failed += bool(found)
        for line in found:
            print(f"# {line}")
        print(f"{'not ok' if found else 'ok'} {number} {op} of {size_bytes} bytes is C's")
    print(f"{len(PATHS) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
