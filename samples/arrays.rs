// SPDX-License-Identifier: GPL-2.0

//! Arrays, whose lengths are known at run time: one that is written at once, and grows, and one that
//! begins with zeroes.

mod repeat;

use core::borrow::Borrow;
use kernel::prelude::*;
use memalloc::{
    gfp::Gfp,
    Count,
    KmallocBox, //
};

module! {
    type: Table,
    name: "sample_arrays_rust",
    authors: ["The rust_memalloc authors"],
    description: "Arrays, in Rust",
    license: "GPL",
    params: {
        elements: u32 {
            default: 16,
            description: "How many there are, at least 1 (default 16)",
        },
    },
}

struct Table {
    ids: KmallocBox<[u32]>,
    counters: KmallocBox<[u64]>,
}

impl Table {
    fn create(ids: usize, counters: usize) -> Result<Self> {
        Ok(Self {
            ids: KmallocBox::array(Count::new(ids)?, Gfp::KERNEL)?.write_with(|index| index as u32),
            counters: KmallocBox::zeroed_array(Count::new(counters)?, Gfp::KERNEL)?,
        })
    }

    /// The new elements are zero. If there is no memory for them, the array is as it was.
    fn grow(&mut self, ids: usize) -> Result {
        Ok(self.ids.resize_in_place(Count::new(ids)?, 0, Gfp::KERNEL)?)
    }
}

/// What a parameter is set to. Kernels before 7.3 give a reference to it.
fn number(parameter: impl Borrow<u32>) -> usize {
    *parameter.borrow() as usize
}

impl kernel::Module for Table {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let elements = number(module_parameters::elements.value());
        if elements == 0 {
            pr_err!("elements=0: give at least 1\n");
            return Err(EINVAL);
        }
        repeat::repeat(c"create", || {
            Self::create(elements, elements)?.grow(elements.saturating_mul(4))
        });
        let mut table = Self::create(elements, elements)?;
        table.grow(elements.saturating_mul(4))?;
        pr_info!(
            "{} ids, in the middle {}, and {} counters, in the middle {}\n",
            table.ids.len(),
            table.ids[elements / 2],
            table.counters.len(),
            table.counters[elements / 2]
        );
        // The product overflows.
        if table.grow(usize::MAX / 2).is_err() {
            pr_info!(
                "there are no {} ids, but {} as before\n",
                usize::MAX / 2,
                table.ids.len()
            );
        }
        Ok(table)
    }
}
