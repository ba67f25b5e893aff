// SPDX-License-Identifier: GPL-2.0

//! What the library does not own cannot be passed off as an allocation.

use memalloc::inspect::Span;

use memalloc::inspect::Inspect;
//= trait Inspect { fn span(&self) -> Span<'_>; }

struct Mine;

impl Inspect for Mine {
    //~ E0277: the trait bound `Mine: Sealed` is not satisfied
    fn span(&self) -> Span<'_> {
        loop {}
    }
}
