// SPDX-License-Identifier: GPL-2.0

//! Owning types over the Linux kernel's memory allocators.
//!
//! Whoever owns the value owns the memory: dropping it frees, once, with the function that matches
//! the one that allocated. Flags and sizes are checked types, so that a request which the kernel
//! would warn about does not get that far.
//!
//! # Which one to take
//!
//! | you need | take |
//! |---|---|
//! | up to a page | [`KmallocBox`] |
//! | up to 4 MiB, wherever it lies | [`KvmallocBox`], which asks kmalloc first and does not insist |
//! | more | [`VmallocBox`] |
//! | contiguous memory, of a size that wastes little of a block | [`KmallocBox`] |
//! | contiguous memory, to the page | [`PageRun::exact`]; above 4 MiB [`PageRun::contiguous`] |
//! | pages, to map or to give away | [`PageBlock`] as a whole, [`PageRun`] page by page, [`SinglePage`] by the hundred |
//! | hundreds of objects of one type | a [`Cache`] |
//! | memory that has to be there when all else is out | a [`Pool`] |
//! | keys and passwords | [`SensitiveBox`] |
//! | to free it where sleeping is forbidden | any of these but a [`Cache`], the last `Arc` of one, and, with interrupts off, a [`Bulk`]; of vmalloc and kvmalloc the [`NonBlocking`](gfp::NonBlocking) ones |
//!
//! Flags say where you are: [`Gfp::KERNEL`](gfp::Gfp::KERNEL) where one may sleep,
//! [`Gfp::ATOMIC`](gfp::Gfp::ATOMIC) where not. Whether a choice was right, the laboratory measures.
//!
//! # What each is
//!
//! | owner | C functions | physically contiguous | at most | dropped where |
//! |---|---|---|---|---|
//! | [`KmallocBox`] | `kmalloc`, `kzalloc`, `kfree` | yes | `KMALLOC_MAX_SIZE` (4 MiB) | anywhere but NMI |
//! | [`VmallocBox`] | `vmalloc`, `vzalloc`, `vfree` | not promised | the machine's memory | see its context |
//! | [`KvmallocBox`] | `kvmalloc`, `kvzalloc`, `kvfree` | not promised | `INT_MAX`, and the machine's memory | see its context |
//! | [`PageBlock`] | `alloc_pages`, `__free_pages` | yes | 2^`MAX_PAGE_ORDER` pages (4 MiB) | anywhere but NMI |
//! | [`CacheBox`] of a [`Cache`] | `kmem_cache_create`, `kmem_cache_alloc`, `kmem_cache_free` | yes | half of `KMALLOC_MAX_SIZE` | see [`Object`] |
//! | [`Bulk`] of a [`Cache`] | `kmem_cache_alloc_bulk`, `kmem_cache_free_bulk` | each object | each object as above | with interrupts enabled |
//! | [`PoolBox`] of a [`Pool`] | `mempool_create`, `mempool_alloc`, `mempool_free` | yes | `KMALLOC_MAX_SIZE` (4 MiB) | see [`Object`] |
//!
//! [`inspect`] looks at live allocations: what is really usable, where the pages lie.
//!
//! With `CONFIG_PREEMPT_RT` the allocators' own locks sleep: "anywhere" is then anywhere but where
//! interrupts or preemption are disabled, and under raw spinlocks; see [`gfp`]. Without
//! `CONFIG_CONTIG_ALLOC` there is no [`PageRun::contiguous`].
//!
//! The library knows nothing of the laboratory that is built on it, and stands on its own.

mod alloc_hooks;
mod assertions;
mod cache;
mod count;
pub mod failure;
mod ffi;
pub mod gfp;
pub mod initialize;
pub mod inspect;
mod kmalloc;
mod kvmalloc;
mod machine;
mod node;
mod object;
mod order;
mod owned;
mod pages;
mod physical;
mod pool;
mod sensitive;
mod size;
mod vmalloc;

#[cfg(CONFIG_MEM_ALLOC_PROFILING)]
#[doc(hidden)]
pub use ffi::alloc_tag as __alloc_tag;

#[cfg(not(CONFIG_MEM_ALLOC_PROFILING))]
#[doc(hidden)]
pub use alloc_hooks::__without_tag;

pub use cache::{
    Bulk,
    Cache,
    CacheBox,
    CacheOptions, //
};
pub use count::Count;
pub use failure::{
    Failure,
    Reason,
    Refusal, //
};
pub use kmalloc::{
    KmallocBox,
    KmallocMemory, //
};
pub use kvmalloc::{
    KvmallocBox,
    KvmallocMemory, //
};
pub use machine::machine_memory_bytes;
pub use node::Node;
pub use object::{
    Handle,
    Object,
    Source, //
};
pub use order::Order;
pub use owned::{
    AllocatesIn,
    Memory,
    NotResized,
    Owned,
    PhysicallyContiguous,
    Resizable,
    SharedWithKernel, //
};
pub use pages::{
    PageBlock,
    PageRun,
    SinglePage, //
};
pub use physical::PhysicalAddress;
pub use pool::{
    Pool,
    PoolBox, //
};
pub use sensitive::{
    SensitiveBox,
    SensitiveMemory, //
};
pub use size::{
    Bytes,
    TakesBytes, //
};
pub use vmalloc::{
    VmallocBox,
    VmallocMemory, //
};

/// What messages of the library begin with. Modules that have a `module!` get theirs from that.
const __LOG_PREFIX: &[u8] = b"memalloc\0";
