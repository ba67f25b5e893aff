// SPDX-License-Identifier: GPL-2.0

//! Ways to allocate: each a type of its own, so that the loops around it are compiled for it, and
//! choose nothing while they run.

mod c;
mod library;

use super::super::{
    command::{
        allocators::Allocator,
        flags::{
            GfpFlags,
            Modifier, //
        },
        words::Via,
    },
    gfp::AnyGfp,
};
use crate::c_calls::{
    self,
    Contents,
    Flags, //
};
use c::{
    BytesOfC,
    PagesOfC, //
};
use library::{
    HandedOver,
    HandsOver,
    OfLibrary,
    PagesOfLibrary,
    Unwritten,
    Zeroed, //
};
use memalloc::{
    gfp::{
        self,
        Context,
        Gfp,
        NonBlocking, //
    },
    AllocatesIn,
    KmallocMemory,
    KvmallocMemory,
    Reason,
    Refusal,
    VmallocMemory, //
};

/// One way to allocate memory. Dropping the memory frees it in the same way.
pub(crate) trait Operation: Copy + Send + Sync {
    /// A size that was checked.
    type Size: Copy + Send + Sync;
    /// What owns the memory.
    type Memory: Send;

    /// Checks a size.
    fn size(self, size_bytes: usize, align_bytes: usize) -> Result<Self::Size, Refusal>;

    /// Allocates.
    fn allocate(self, size: Self::Size) -> Result<Self::Memory, Reason>;

    /// Does what [`allocate`](Self::allocate) does, but for the operation itself.
    #[inline(always)]
    fn nothing() {}
}

/// Something to do with an operation, whichever it is.
pub(crate) trait Visitor {
    type Output;

    /// Does it.
    fn visit(self, operation: impl Operation) -> Self::Output;
}

/// Has `visitor` visit the way to allocate that these words name.
pub(crate) fn visit<V: Visitor>(
    allocator: Allocator,
    via: Via,
    flags: GfpFlags,
    visitor: V,
) -> V::Output {
    let contents = match flags.has(Modifier::Zero) {
        true => Contents::Zeroes,
        false => Contents::Any,
    };
    match allocator {
        Allocator::Kmalloc => {
            let gfp = AnyGfp::of(flags).thisnode(flags).noretry(flags);
            match gfp {
                AnyGfp::MaySleep(gfp) => bytes::<KmallocMemory, _, _>(gfp, via, contents, visitor),
                AnyGfp::NonBlocking(gfp) => {
                    bytes::<KmallocMemory, _, _>(gfp, via, contents, visitor)
                }
            }
        }
        Allocator::Vmalloc => match AnyGfp::of(flags).noretry(flags) {
            AnyGfp::MaySleep(gfp) => bytes::<VmallocMemory<_>, _, _>(gfp, via, contents, visitor),
            AnyGfp::NonBlocking(gfp) => {
                handed_over::<VmallocMemory<_>, _>(gfp, via, contents, visitor)
            }
        },
        Allocator::Kvmalloc => match AnyGfp::of(flags) {
            AnyGfp::MaySleep(gfp) => bytes::<KvmallocMemory<_>, _, _>(gfp, via, contents, visitor),
            AnyGfp::NonBlocking(gfp) => {
                handed_over::<KvmallocMemory<_>, _>(gfp, via, contents, visitor)
            }
        },
        Allocator::Pages => {
            let gfp = AnyGfp::of(flags).thisnode(flags).noretry(flags);
            match gfp {
                AnyGfp::MaySleep(gfp) => pages(gfp, via, contents, visitor),
                AnyGfp::NonBlocking(gfp) => pages(gfp, via, contents, visitor),
            }
        }
    }
}

/// Of a family that takes bytes.
fn bytes<M, C, V>(gfp: Gfp<C, M::Family>, via: Via, contents: Contents, visitor: V) -> V::Output
where
    M: AllocatesIn<C>,
    M::Family: c_calls::TakesBytes,
    C: Context,
    V: Visitor,
{
    match (via, contents) {
        (Via::C, _) => visitor.visit(BytesOfC(Flags::new(gfp, contents))),
        (Via::Library, Contents::Any) => visitor.visit(OfLibrary::<M, _, Unwritten>::new(gfp)),
        (Via::Library, Contents::Zeroes) => visitor.visit(OfLibrary::<M, _, Zeroed>::new(gfp)),
    }
}

/// Of a family whose memory, if it was allocated without sleeping, would be freed later by a worker.
/// It is handed over to where one may sleep, so that it is freed at once, as through C.
fn handed_over<M, V>(
    gfp: Gfp<NonBlocking, M::Family>,
    via: Via,
    contents: Contents,
    visitor: V,
) -> V::Output
where
    M: AllocatesIn<NonBlocking> + HandsOver,
    M::Family: c_calls::TakesBytes,
    V: Visitor,
{
    match (via, contents) {
        (Via::C, _) => visitor.visit(BytesOfC(Flags::new(gfp, contents))),
        (Via::Library, Contents::Any) => {
            visitor.visit(HandedOver(OfLibrary::<M, _, Unwritten>::new(gfp)))
        }
        (Via::Library, Contents::Zeroes) => {
            visitor.visit(HandedOver(OfLibrary::<M, _, Zeroed>::new(gfp)))
        }
    }
}

/// Of the page allocator.
fn pages<C: Context, V: Visitor>(
    gfp: Gfp<C, gfp::Pages>,
    via: Via,
    contents: Contents,
    visitor: V,
) -> V::Output {
    match (via, contents) {
        (Via::C, _) => visitor.visit(PagesOfC(Flags::new(gfp, contents))),
        (Via::Library, Contents::Any) => visitor.visit(PagesOfLibrary::<_, Unwritten>::new(gfp)),
        (Via::Library, Contents::Zeroes) => visitor.visit(PagesOfLibrary::<_, Zeroed>::new(gfp)),
    }
}
