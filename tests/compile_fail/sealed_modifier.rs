// SPDX-License-Identifier: GPL-2.0

//! A modifier is not declared supported outside of the library.

use memalloc::gfp::Vmalloc;

use memalloc::gfp::TakesThisNode;
//= trait TakesThisNode {}

impl TakesThisNode for Vmalloc {}
//~ E0117: only traits defined in the current crate can be implemented
