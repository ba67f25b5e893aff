// SPDX-License-Identifier: GPL-2.0

//! What changes the results: the machine, the kernel's configuration, and how it was booted.

use super::{
    settings::{
        Addresses,
        Misuse,
        Settings, //
    },
    Lab,
};
use crate::platform::system;
use core::fmt;
use kernel::page::PAGE_SIZE;
use memalloc::{
    gfp,
    machine_memory_bytes,
    Order,
    TakesBytes, //
};

/// Kernel options that change what an allocation is, or what it costs.
macro_rules! options {
    ($($option:ident)*) => {
        &[$((stringify!($option), cfg!($option))),*]
    };
}

const OPTIONS: &[(&str, bool)] = options! {
    CONFIG_NUMA
    CONFIG_MEMCG
    CONFIG_ZONE_DMA
    CONFIG_SLUB_DEBUG
    CONFIG_SLUB_DEBUG_ON
    CONFIG_SLUB_TINY
    CONFIG_SLAB_BUCKETS
    CONFIG_SLAB_FREELIST_RANDOM
    CONFIG_SLAB_FREELIST_HARDENED
    CONFIG_KMALLOC_PARTITION_CACHES
    CONFIG_INIT_ON_ALLOC_DEFAULT_ON
    CONFIG_INIT_ON_FREE_DEFAULT_ON
    CONFIG_MEM_ALLOC_PROFILING
    CONFIG_HAVE_ARCH_HUGE_VMALLOC
    CONFIG_COMPACTION
    CONFIG_CONTIG_ALLOC
    CONFIG_KASAN
    CONFIG_KFENCE
    CONFIG_DEBUG_KMEMLEAK
    CONFIG_DEBUG_ATOMIC_SLEEP
    CONFIG_PROVE_LOCKING
    CONFIG_DEBUG_PAGEALLOC
    CONFIG_DEBUG_VM
    CONFIG_FAILSLAB
    CONFIG_PREEMPT_RT
};

impl Lab {
    /// Writes one fact a line: a name, and a value.
    ///
    /// Some boot options that matter cannot be seen by a module (`slab_debug`, `nohugevmalloc`);
    /// for those there is `/proc/cmdline`.
    pub(crate) fn write_environment(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let Settings {
            max_live_bytes,
            timeout_ms,
            addresses,
            misuse,
        } = self.settings;
        writeln!(to, "kernel {}", system::kernel_release())?;
        writeln!(to, "cpus_online {}", system::online_cpus())?;
        writeln!(to, "nodes_online {}", system::online_nodes())?;
        writeln!(to, "memory_bytes {}", machine_memory_bytes())?;
        writeln!(to, "page_bytes {PAGE_SIZE}")?;
        writeln!(to, "kmalloc_max_bytes {}", gfp::Kmalloc::MAX_BYTES)?;
        writeln!(to, "max_page_order {}", Order::MAX.get())?;
        writeln!(to, "init_on_alloc {}", yes_no(system::init_on_alloc()))?;
        writeln!(to, "init_on_free {}", yes_no(system::init_on_free()))?;
        writeln!(
            to,
            "kfence_sample_interval_ms {}",
            system::kfence_sample_interval_ms()
        )?;
        writeln!(to, "max_live_bytes {max_live_bytes}")?;
        writeln!(to, "timeout_ms {timeout_ms}")?;
        writeln!(
            to,
            "show_addresses {}",
            yes_no(addresses == Addresses::Shown)
        )?;
        writeln!(to, "allow_misuse {}", yes_no(misuse == Misuse::Allowed))?;
        for (option, is_set) in OPTIONS {
            writeln!(to, "{option} {}", if *is_set { "y" } else { "n" })?;
        }
        Ok(())
    }
}

fn yes_no(truth: bool) -> &'static str {
    if truth {
        "yes"
    } else {
        "no"
    }
}
