# SPDX-License-Identifier: GPL-2.0
"""Texts as the module writes them, and a folder of files that stands for it."""

import json
from pathlib import Path
from typing import Any

from memalloc_cli.results import Record

SCENARIOS = """\
probe: What does the kernel really give for one request?
    allocator=kmalloc  allocators to use: kmalloc, vmalloc, kvmalloc, pages, several with \
commas, or all
    size=100  bytes asked for: bytes from 1 to 9223372036854775807; suffix k, M or G allowed
    order=none  bytes asked for, as 2^order pages; instead of size, with pages only: an order \
from 0 to 63, or none; pages have at most MAX_PAGE_ORDER
    gfp=kernel  allocation flags (nowarn is always added): kernel, user, noio, nofs, nowait or \
atomic, then +zero +nowarn +account +thisnode +noretry or +retry_mayfail
    node=any  NUMA node asked for: any, or the number of an online node
    zero=no  ask for zeroed memory: yes or no

sweep: How do usable size, waste, alignment and contiguity change with the size?
    allocator=all  allocators to use: kmalloc, vmalloc, kvmalloc, pages, several with \
commas, or all

claims: Which statements of the two guides hold on this kernel?
"""

ENVIRONMENT = """\
kernel 7.3.4
memory_bytes 1005510656
page_bytes 4096
kmalloc_max_bytes 4194304
max_page_order 10
"""

HELD = """\
name                      allocator  served by       size   count     usable
a                         kmalloc    slab             100       2        256
b-2                       vmalloc    vmalloc           1M       1         1M

alloc name=N [key=value ...], free name=N, or free all
    name=...  what it is called: 1 to 24 letters, digits, - and _
    allocator=kmalloc  whom to ask: kmalloc, vmalloc, kvmalloc, pages, several with commas, or all
    size=100  bytes asked for: bytes from 1 to 9223372036854775807, with k, M or G if you like
    zero=no  ask for zeroed memory: yes or no
"""

STATS = """\
max_live_bytes 251379712
allocator  allocations        frees  outstanding  charged_bytes     peak_bytes  failures    held
kmalloc             64           62            2            256           8192         0       1
vmalloc              1            0            1        1048576        1048576         3       1
"""


def record(kind: str, run: int = 1, scenario: str = "sweep", **members: object) -> Record:
    """A record as the module writes it."""
    return {"schema": 1, "run": run, "scenario": scenario, "kind": kind, **members}


def series(allocator: str, size_bytes: int, **members: object) -> Record:
    """A row of `sweep`."""
    known: dict[str, Any] = {
        "size_bytes": size_bytes,
        "allocator": allocator,
        "served_by": "slab",
        "usable_min_bytes": size_bytes,
        "contiguous": 4,
        "contiguous_of": 4,
        "allocate_min_ns": 500,
        "outcome": "ok",
    }
    return {**record("series"), **known, **members}


def begin(run: int = 1, **members: object) -> Record:
    """The first record of a run."""
    return {**record("begin", run), "kernel": "7.3.4", **members}


def end(run: int = 1, **members: object) -> Record:
    """The last record of a run."""
    known: dict[str, Any] = {
        "status": "complete",
        "reason": None,
        "allocations": 8,
        "outstanding": 0,
        "elapsed_ns": 2_500_000,
    }
    return {**record("end", run), **known, **members}


def lines(*records: Record) -> str:
    """JSON Lines."""
    return "".join(json.dumps(one) + "\n" for one in records)


def folder(path: Path, **files: str) -> str:
    """A folder with files as the module has them."""
    known = {"scenarios": SCENARIOS, "environment": ENVIRONMENT, "held": HELD, "progress": "idle\n"}
    for name, text in {**known, "stats": STATS, **files}.items():
        (path / name).write_text(text, encoding="utf-8")
    return str(path)
