// SPDX-License-Identifier: GPL-2.0

//! Workloads of other benchmarks, under names of their own, so that who knows those finds the same
//! figures here. Where such a benchmark does something else besides, its meaning says so; sizes are
//! those of pages of 4 KiB.
//!
//! A preset gives parameters other defaults. What a command says itself goes before it.

use super::keys::Key;

/// A workload with a name.
#[derive(Debug)]
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    /// What it measures, and where it comes from.
    pub(crate) meaning: &'static str,
    /// The values that it gives.
    pub(super) values: &'static [(Key, &'static str)],
}

/// Two presets are the same if they have the same name.
impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Preset {}

impl Preset {
    /// The preset with this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }
}

/// All presets. Add a new one here.
pub(crate) const PRESETS: &[Preset] = &[
    Preset {
        name: "lab-bulk",
        meaning: "linux-alloc-bench, bulk: allocate pages, then free them in the same order",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "batch"),
            (Key::Count, "1024"),
            (Key::FreeOrder, "fifo"),
        ],
    },
    Preset {
        name: "lab-repeat",
        meaning: "linux-alloc-bench, repeat: allocate a page and free it, again and again",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "pair"),
        ],
    },
    Preset {
        name: "lab-rand",
        meaning: "linux-alloc-bench, rand: free pages in a random order, on another CPU",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "remote"),
            (Key::Count, "1024"),
            (Key::FreeOrder, "shuffled"),
        ],
    },
    Preset {
        name: "lab-frag",
        meaning: "linux-alloc-bench, frag: replace random pages of many \
                  (for what that does to free memory, see the scenario fragment)",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "steady"),
            (Key::Count, "8192"),
        ],
    },
    Preset {
        name: "slab-repeat",
        meaning: "Lameter's slab test, 1: kmalloc many times, then kfree, for each size",
        values: &[
            (Key::Allocator, "kmalloc"),
            (Key::Sizes, "sweep"),
            (Key::From, "8"),
            (Key::To, "16k"),
            (Key::Pattern, "all"),
            (Key::Operations, "10000"),
            (Key::FreeOrder, "fifo"),
        ],
    },
    Preset {
        name: "slab-pair",
        meaning: "Lameter's slab test, 2: kmalloc and kfree by turns, for each size",
        values: &[
            (Key::Allocator, "kmalloc"),
            (Key::Sizes, "sweep"),
            (Key::From, "8"),
            (Key::To, "16k"),
            (Key::Pattern, "pair"),
            (Key::Operations, "10000"),
        ],
    },
    Preset {
        name: "slab-remote",
        meaning: "Lameter's slab test, remote free: kmalloc on one CPU, kfree on another",
        values: &[
            (Key::Allocator, "kmalloc"),
            (Key::Sizes, "sweep"),
            (Key::From, "8"),
            (Key::To, "16k"),
            (Key::Pattern, "remote"),
            (Key::Count, "10000"),
            (Key::Operations, "10000"),
            (Key::FreeOrder, "fifo"),
        ],
    },
    Preset {
        name: "page-pair",
        meaning: "prototype-kernel, page_bench01: a block of an order, allocated and freed",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "pair"),
        ],
    },
    Preset {
        name: "page-outstanding",
        meaning: "prototype-kernel, page_bench02: with many outstanding before they are freed",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "batch"),
            (Key::Count, "1024"),
            (Key::FreeOrder, "fifo"),
        ],
    },
    Preset {
        name: "page-cross",
        meaning: "prototype-kernel, page_bench05: allocated on one CPU, freed on another",
        values: &[
            (Key::Allocator, "pages"),
            (Key::Order, "0"),
            (Key::Pattern, "remote"),
            (Key::Count, "128"),
            (Key::FreeOrder, "fifo"),
        ],
    },
    Preset {
        name: "vmalloc-fix-size",
        meaning: "test_vmalloc, fix_size_alloc_test: one page, mapped and unmapped",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Size, "4k"),
            (Key::Pattern, "pair"),
        ],
    },
    Preset {
        name: "vmalloc-full-fit",
        meaning: "test_vmalloc, full_fit_alloc_test: one page, among 8192 gaps of one page (with \
                  more CPUs the original makes more)",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Size, "4k"),
            (Key::Pattern, "pair"),
            (Key::Background, "8192+gaps"),
        ],
    },
    Preset {
        name: "vmalloc-long-busy-list",
        meaning: "test_vmalloc, long_busy_list_alloc_test: 100 pages or one, at random (in the \
                  original one after the other), beside many areas",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Sizes, "400k:1,4k:1"),
            (Key::Pattern, "batch"),
            (Key::Count, "2"),
            (Key::FreeOrder, "fifo"),
            (Key::Background, "15000"),
        ],
    },
    Preset {
        name: "vmalloc-random-size",
        meaning: "test_vmalloc, random_size_alloc_test: 1 to 100 pages",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Sizes, "uniform"),
            (Key::From, "1"),
            (Key::To, "400k"),
            (Key::Pattern, "pair"),
        ],
    },
    Preset {
        name: "vmalloc-fix-align",
        meaning: "test_vmalloc, fix_align_alloc_test: five pages, at a large alignment",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Size, "20k"),
            (Key::Align, "32k"),
            (Key::Zero, "yes"),
            (Key::Via, "library"),
            (Key::Pattern, "pair"),
        ],
    },
    Preset {
        name: "vmalloc-no-block",
        meaning: "test_vmalloc, no_block_alloc_test: without sleeping, though where one may",
        values: &[
            (Key::Allocator, "vmalloc"),
            (Key::Size, "4k"),
            (Key::Gfp, "nowait"),
            (Key::Pattern, "pair"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_names_them_all() {
        let names = Key::Preset.accepts().replace(" or ", ", ");
        let names: Vec<&str> = names.split(", ").skip(1).collect();
        assert_eq!(
            names,
            PRESETS.iter().map(|one| one.name).collect::<Vec<_>>()
        );
    }

    #[test]
    fn names_are_found_and_differ() {
        for preset in PRESETS {
            let found = Preset::find(preset.name).unwrap();
            assert_eq!(found.meaning, preset.meaning);
        }
        assert!(Preset::find("lab").is_none());
    }
}
