# SPDX-License-Identifier: GPL-2.0
"""Every allocator under every base flag, and what the module's books say of it."""

from collections.abc import Iterator
from functools import partial

import lab

ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages")
BASES = ("kernel", "user", "noio", "nofs", "nowait", "atomic")


def balanced(command: str, number: int, allocator: str) -> Iterator[str]:
    """What is wrong unless the run makes and frees `number` allocations, and none of them fails."""
    before = lab.books(allocator)
    outcome = lab.ask(command)
    if outcome.error != "OK":
        yield f"{command}: {outcome.error}: {outcome.answer.strip()}"
        return
    allocations = before.allocations + number
    expected = lab.Books(allocations, allocations, 0, 0, before.failures)
    if (found := lab.books(allocator)) != expected:
        yield f"{command}: expected {expected}, got {found}"
    last = outcome.answer.splitlines()[-1]
    if not last.startswith(f"complete: {number} allocations, 0 outstanding, "):
        yield f"{command}: expected 'complete: {number} allocations …', got '{last}'"


def came_zeroed(command: str) -> Iterator[str]:
    """What is wrong unless all memory of the last run, which asked for that, came zeroed."""
    totals = next(record for record in lab.results() if record["kind"] == "totals")
    if totals["came_zeroed"] != totals["allocated"]:
        yield f"{command}: {totals['came_zeroed']} of {totals['allocated']} came zeroed"


def every_size(allocator: str, base: str) -> Iterator[str]:
    """Sizes within a page, of several pages, and of large kmalloc.

    Of order 3 at most, which even a request that may not wait gets.
    """
    for gfp in (base, f"{base}+account"):
        # 1, 16, 256, 4096
        sweep = f"sweep allocator={allocator} from=1 to=4k step=x16 count=2 gfp={gfp}"
        yield from balanced(sweep, 8, allocator)
        probe = f"probe allocator={allocator} size=20000 count=2 repeat=2 gfp={gfp} zero=yes"
        yield from balanced(probe, 4, allocator)
        yield from came_zeroed(probe)


def four_modifiers(allocator: str) -> Iterator[str]:
    """They go with the base, and change nothing that can be seen here."""
    command = f"probe allocator={allocator} size=5000 gfp=kernel+zero+nowarn+account+retry_mayfail"
    yield from balanced(command, 1, allocator)
    yield from came_zeroed(command)


def cases() -> Iterator[tuple[str, lab.Case]]:
    """All of them."""
    for allocator in ALLOCATORS:
        for base in BASES:
            name = f"{allocator} with gfp={base} and with +account"
            yield name, partial(every_size, allocator, base)
    for allocator in ALLOCATORS:
        yield f"{allocator} with four modifiers", partial(four_modifiers, allocator)
    for allocator in ("vmalloc", "pages"):
        command = f"probe allocator={allocator} size=8k count=4096"
        yield f"{allocator}: 4096 held at once", partial(balanced, command, 4096, allocator)


lab.check(list(cases()))
