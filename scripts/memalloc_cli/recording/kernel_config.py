# SPDX-License-Identifier: GPL-2.0
"""The options that the running kernel was built with, as far as they matter for allocations."""

import gzip
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

# Besides these, the laboratory's own file `environment` tells some.
OPTIONS = (
    "CC_IS_CLANG",
    "CC_VERSION_TEXT",
    "CMA",
    "COMPACTION",
    "CONTIG_ALLOC",
    "CPU_MITIGATIONS",
    "DEBUG_KMEMLEAK",
    "DEBUG_LIST",
    "DEBUG_LOCK_ALLOC",
    "DEBUG_PAGEALLOC",
    "DEBUG_PREEMPT",
    "DEBUG_VM",
    "FAILSLAB",
    "FAIL_PAGE_ALLOC",
    "FAULT_INJECTION",
    "HARDENED_USERCOPY",
    "HAVE_ARCH_HUGE_VMALLOC",
    "HZ",
    "INIT_ON_ALLOC_DEFAULT_ON",
    "INIT_ON_FREE_DEFAULT_ON",
    "INIT_STACK_ALL_ZERO",
    "KASAN",
    "KASAN_GENERIC",
    "KASAN_HW_TAGS",
    "KASAN_SW_TAGS",
    "KCSAN",
    "KFENCE",
    "KFENCE_SAMPLE_INTERVAL",
    "KMALLOC_PARTITION_CACHES",
    "KMSAN",
    "LIVEPATCH",
    "LOCKDEP",
    "LTO_CLANG",
    "MEMCG",
    "MEM_ALLOC_PROFILING",
    "MEM_ALLOC_PROFILING_ENABLED_BY_DEFAULT",
    "MITIGATION_PAGE_TABLE_ISOLATION",
    "MITIGATION_RETPOLINE",
    "NODES_SHIFT",
    "NO_HZ_FULL",
    "NR_CPUS",
    "NUMA",
    "NUMA_BALANCING",
    "PAGE_EXTENSION",
    "PAGE_OWNER",
    "PAGE_POISONING",
    "PAGE_TABLE_CHECK",
    "PER_VMA_LOCK",
    "PREEMPT",
    "PREEMPT_DYNAMIC",
    "PREEMPT_LAZY",
    "PREEMPT_NONE",
    "PREEMPT_RT",
    "PREEMPT_VOLUNTARY",
    "PROVE_LOCKING",
    "RANDOMIZE_BASE",
    "RANDOM_KMALLOC_CACHES",
    "RUSTC_VERSION_TEXT",
    "SHUFFLE_PAGE_ALLOCATOR",
    "SLAB_BUCKETS",
    "SLAB_FREELIST_HARDENED",
    "SLAB_FREELIST_RANDOM",
    "SLAB_MERGE_DEFAULT",
    "SLUB_CPU_PARTIAL",
    "SLUB_DEBUG",
    "SLUB_DEBUG_ON",
    "SLUB_RCU_DEBUG",
    "SLUB_STATS",
    "SLUB_TINY",
    "SMP",
    "STACKPROTECTOR_STRONG",
    "TRANSPARENT_HUGEPAGE",
    "TRANSPARENT_HUGEPAGE_ALWAYS",
    "TRANSPARENT_HUGEPAGE_MADVISE",
    "UBSAN",
    "VMAP_STACK",
    "ZONE_DMA",
    "ZONE_DMA32",
)


class Config(NamedTuple):
    """The options, and where they were read."""

    source: str | None
    options: dict[str, str]


def places(release: str) -> Iterator[str]:
    """Where distributions keep the configuration."""
    yield "/proc/config.gz"
    yield f"/boot/config-{release}"
    yield f"/lib/modules/{release}/config"
    yield f"/lib/modules/{release}/build/.config"


def read(release: str) -> Config:
    """From the first place that has it."""
    for path in places(release):
        if os.access(path, os.R_OK) and os.path.isfile(path):
            return Config(path, options_of(text_of(path)))
    return Config(None, {})


def text_of(path: str) -> str:
    """A file that may be compressed."""
    if path.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            return file.read()
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def options_of(text: str) -> dict[str, str]:
    """Those that matter; an option that is not mentioned does not exist in that kernel."""
    found: dict[str, str] = {}
    for name, value, unset in re.findall(
        r"^(?:CONFIG_(\w+)=(.*)|# CONFIG_(\w+) is not set)$", text, re.MULTILINE
    ):
        found[name or unset] = value.strip('"') if name else "n"
    return {f"CONFIG_{name}": found[name] for name in OPTIONS if name in found}
