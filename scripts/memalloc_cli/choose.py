# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: the rules. What they rest on is measured in evidence.py."""

from typing import NamedTuple

from . import reasons
from .need import Context, Lifetime, Machine, Need
from .table import bytes_text

INT_MAX = (1 << 31) - 1
# The largest size that the module takes, too.
LONG_MAX = (1 << 63) - 1


class Advice(NamedTuple):
    """Whom to ask, and how."""

    allocator: str
    gfp: str
    c_call: str
    c_free: str
    rust_type: str
    rust_call: str
    because: list[str]
    # What the laboratory can measure of it, and what it is to be compared with.
    probed: str
    others: list[str]


class ImpossibleError(Exception):
    """There is no such memory, and why."""


def choose(need: Need, machine: Machine) -> Advice:
    """Applies the rules, from the strictest need to the loosest."""
    if machine.memory_bytes is not None and need.size_bytes > machine.memory_bytes:
        raise ImpossibleError(
            f"the machine has {machine.memory_bytes} bytes; vmalloc and kvmalloc refuse more"
        )
    if need.size_bytes > LONG_MAX:
        raise ImpossibleError(
            f"no machine has more than {LONG_MAX} bytes; vmalloc and kvmalloc refuse more"
        )
    advice = contiguous(need, machine) if need.is_contiguous else anywhere(need, machine)
    because = list(advice.because)
    if advice.allocator == "kmalloc" and need.size_bytes <= machine.page_bytes:
        because.append(reasons.MANY)
    if machine.is_realtime and need.context is not Context.SLEEP:
        because.append(reasons.REALTIME)
    return advice._replace(because=because)


def contiguous(need: Need, machine: Machine) -> Advice:
    """Physically contiguous memory."""
    advice = in_one_piece(need, machine)
    return advice._replace(because=[*advice.because, reasons.DEVICE])


def in_one_piece(need: Need, machine: Machine) -> Advice:
    """The same, whoever it is for."""
    pages = -(-need.size_bytes // machine.page_bytes)
    block_bytes = machine.page_bytes << max(pages - 1, 0).bit_length()
    if need.size_bytes > machine.kmalloc_max_bytes:
        if need.context is not Context.SLEEP:
            raise ImpossibleError(
                f"above {bytes_text(machine.kmalloc_max_bytes)} contiguous memory takes "
                "alloc_contig_pages(), which always may sleep"
            )
        return pages_advice(
            need._replace(lifetime=Lifetime.KERNEL),
            f"alloc_contig_pages({pages}, {{gfp}}, nid, NULL)",
            "free_contig_range(page_to_pfn(page), nr_pages)",
            f"PageRun::contiguous({pages} pages, …, Node::ANY)",
            [
                "no block of the page allocator is that large; the kernel has to move pages away, "
                "which may fail",
                *reasons.uncharged(need),
            ],
        )
    if (
        need.size_bytes > 2 * machine.page_bytes
        and 4 * pages * machine.page_bytes <= 3 * block_bytes
    ):
        return pages_advice(
            need,
            f"alloc_pages_exact({need.size_bytes}, {{gfp}})",
            f"free_pages_exact(p, {need.size_bytes})",
            f"PageRun::exact({pages} pages, …)",
            [
                f"kmalloc would take a block of {bytes_text(block_bytes)}, of which a quarter or "
                "more would be waste",
                "what the laboratory measures is that block; alloc_pages_exact() gives the rest of "
                "it back",
                *reasons.rare(need, machine),
            ],
        )
    because = ["kmalloc memory is contiguous, whatever its size", *reasons.rare(need, machine)]
    return byte_advice(need, "kmalloc", because)


def anywhere(need: Need, machine: Machine) -> Advice:
    """Memory that need not be contiguous."""
    if need.context is Context.INTERRUPT:
        return in_interrupt(need, machine)
    if need.size_bytes <= machine.page_bytes:
        because = ["up to a page a slab serves it, at once, and nothing else is tried"]
        return byte_advice(need, "kmalloc", because)
    if need.size_bytes <= machine.kmalloc_max_bytes:
        because = ["it takes contiguous memory if there is some, and does not insist on it"]
        return byte_advice(need, "kvmalloc", because)
    if need.size_bytes > INT_MAX:
        because = [f"kvmalloc refuses more than {INT_MAX} bytes"]
        return byte_advice(need, "vmalloc", because + reasons.huge(need, "vmalloc_huge()"))
    because = [
        f"above {bytes_text(machine.kmalloc_max_bytes)} kmalloc has nothing",
        *reasons.huge(need, "kvmalloc() and vmalloc_huge()"),
    ]
    return byte_advice(need, "vmalloc", because)


def in_interrupt(need: Need, machine: Machine) -> Advice:
    """Without vmalloc, and so without kvmalloc above a page."""
    if need.size_bytes > machine.kmalloc_max_bytes:
        raise ImpossibleError(
            f"above {bytes_text(machine.kmalloc_max_bytes)} there is vmalloc only, which must not "
            "be asked in an interrupt: allocate in advance, or from a workqueue"
        )
    because = [
        "in an interrupt vmalloc, which kvmalloc falls back on, is a BUG() or a deadlock",
        *reasons.rare(need, machine),
    ]
    return byte_advice(need, "kmalloc", because)._replace(others=["pages"])


def gfp_words(need: Need) -> tuple[str, str, str]:
    """The flags: as the laboratory calls them, in C, and in Rust."""
    if need.context in (Context.ATOMIC, Context.INTERRUPT):
        words, in_c, in_rust = "atomic", "GFP_ATOMIC", "Gfp::ATOMIC"
    else:
        words, in_c, in_rust = "kernel", "GFP_KERNEL", "Gfp::KERNEL"
    if need.lifetime is Lifetime.USER:
        words += "+account"
        in_c = "GFP_KERNEL_ACCOUNT" if in_c == "GFP_KERNEL" else f"{in_c} | __GFP_ACCOUNT"
        in_rust += ".accounted()"
    return words, in_c, in_rust


def byte_advice(need: Need, allocator: str, because: list[str]) -> Advice:
    """kmalloc, vmalloc or kvmalloc."""
    words, in_c, in_rust = gfp_words(need)
    zero = {"kmalloc": "kzalloc", "kvmalloc": "kvzalloc", "vmalloc": "vzalloc"}
    name = zero[allocator] if need.is_zeroed else allocator
    call = f"{name}({need.size_bytes}, {in_c})"
    if allocator == "vmalloc":
        call = f"{name}({need.size_bytes})"
        if in_c != "GFP_KERNEL":
            flags = f"{in_c} | __GFP_ZERO" if need.is_zeroed else in_c
            call = f"__vmalloc({need.size_bytes}, {flags})"
    free = {"kmalloc": "kfree(p)", "kvmalloc": "kvfree(p)", "vmalloc": "vfree(p)"}[allocator]
    owner = {"kmalloc": "KmallocBox", "kvmalloc": "KvmallocBox", "vmalloc": "VmallocBox"}[allocator]
    element = "u8" if need.is_zeroed else "MaybeUninit<u8>"
    parameters = f"[{element}]"
    if allocator != "kmalloc" and need.context is not Context.SLEEP:
        free = "kvfree_atomic(p)"
        parameters += ", NonBlocking"
    constructor = "zeroed_bytes" if need.is_zeroed else "bytes"
    rust_call = f"{owner}::{constructor}(Bytes::new({need.size_bytes})?, {in_rust})?"
    if allocator != "kmalloc" and need.context is Context.ATOMIC_FREE:
        rust_call += ".into_non_blocking()"
    return Advice(
        allocator=allocator,
        gfp=words,
        c_call=call,
        c_free=free,
        rust_type=f"{owner}<{parameters}>",
        rust_call=rust_call,
        because=because + reasons.circumstances(need, allocator),
        probed=allocator,
        others=[one for one in ("kmalloc", "vmalloc", "kvmalloc") if one != allocator],
    )


def pages_advice(need: Need, call: str, free: str, rust_call: str, because: list[str]) -> Advice:
    """Runs of pages."""
    words, in_c, in_rust = gfp_words(need)
    if need.is_zeroed:
        in_c += " | __GFP_ZERO"
        rust_call = rust_call.replace("(", "_zeroed(", 1)
    return Advice(
        allocator="pages",
        gfp=words,
        c_call=call.format(gfp=in_c),
        c_free=free,
        rust_type=f"PageRun<{'u8' if need.is_zeroed else 'MaybeUninit<u8>'}>",
        rust_call=rust_call.replace("…", in_rust) + "?",
        because=because + reasons.circumstances(need, "pages"),
        probed="pages",
        others=["kmalloc", "vmalloc"],
    )
