// SPDX-License-Identifier: GPL-2.0

//! Another context is not declared outside of the library.

use memalloc::gfp::Context;
//= trait Context {}

struct Mine;

impl Context for Mine {}
//~ E0277: the trait bound `Mine: Frees` is not satisfied
