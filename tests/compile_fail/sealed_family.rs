// SPDX-License-Identifier: GPL-2.0

//! Another family is not declared outside of the library.

use memalloc::gfp::Family;
//= trait Family {}

struct Mine;

impl Family for Mine {}
//~ E0277: the trait bound `Mine: Sealed` is not satisfied
