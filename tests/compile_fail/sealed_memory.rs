// SPDX-License-Identifier: GPL-2.0

//! Another kind of memory is not declared outside of the library.

use memalloc::gfp::Kmalloc;

use memalloc::Memory;
//= trait Memory { type Family; const NAME: &'static str; }

struct Mine;

impl Memory for Mine {
    //~ E0277: the trait bound `Mine: Calls` is not satisfied
    type Family = Kmalloc;
    const NAME: &'static str = "mine";
}
