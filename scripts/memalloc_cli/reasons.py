# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: the reasons that several rules share."""

from .need import Context, Lifetime, Machine, Need
from .table import bytes_text

# PAGE_ALLOC_COSTLY_ORDER: up to there the page allocator goes on until there is a block.
COSTLY_ORDER = 3

REALTIME = (
    "this kernel has PREEMPT_RT: do not allocate or free under a raw spinlock or with interrupts "
    "off, whatever the flags"
)

# What is contiguous is for a device more often than not.
DEVICE = (
    "for a device, use the DMA API, such as dma_alloc_coherent(): a physical address is not a DMA "
    "address"
)

MANY = (
    "many objects of one size are better kept in a slab cache (kmem_cache_create(), Cache): "
    "memalloc run cache shows the difference"
)


def rare(need: Need, machine: Machine) -> list[str]:
    """What becomes of a block that is so large that the kernel does not insist on it."""
    insists_bytes = machine.page_bytes << COSTLY_ORDER
    if need.size_bytes <= insists_bytes:
        return []
    limit = bytes_text(insists_bytes)
    text = (
        f"a block above {limit} may fail when memory is fragmented, which memalloc run fragment "
        "measures"
    )
    if need.context in (Context.SLEEP, Context.ATOMIC_FREE):
        text += f"; up to {limit} the kernel tries again and again"
    return [text]


def huge(need: Need, others: str) -> list[str]:
    """What maps more at once than vmalloc does; that may sleep."""
    if need.context not in (Context.SLEEP, Context.ATOMIC_FREE):
        return []
    return [
        f"it maps single pages; {others} may map huge ones, from 2M on where the CPU has them, for "
        "fewer TLB misses"
    ]


def uncharged(need: Need) -> list[str]:
    """What alloc_contig_pages() does not do for a process."""
    if need.lifetime is Lifetime.USER:
        return ["it charges no cgroup: limit yourself what a process can make there be"]
    return []


def circumstances(need: Need, allocator: str) -> list[str]:
    """What the flags and the owner are chosen for."""
    because = []
    if need.context in (Context.ATOMIC, Context.INTERRUPT):
        because.append("GFP_ATOMIC does not sleep, and may fail: handle that")
    if need.lifetime is Lifetime.USER:
        because.append("the memory is charged to the cgroup of the process that it is for")
    if allocator in ("vmalloc", "kvmalloc") and need.context is not Context.SLEEP:
        because.append("freed where sleeping is forbidden: kvfree_atomic() leaves it to a worker")
    if allocator in ("vmalloc", "kvmalloc") and need.context is Context.ATOMIC:
        because.append("not for interrupts, nor under a lock that one takes: --context interrupt")
    return because
