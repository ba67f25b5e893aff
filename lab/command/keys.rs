// SPDX-License-Identifier: GPL-2.0

//! The words for parameters, which all scenarios share.

use crate::misuse::kind::Kind as Misuse;

/// The name of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// What held memory is called.
    Name,
    /// Which allocators to ask.
    Allocator,
    /// How much to ask for.
    Size,
    /// How much to ask for, as a block order.
    Order,
    /// The first of several sizes.
    From,
    /// The last of several sizes.
    To,
    /// From one size to the next.
    Step,
    /// How many allocations are held at once.
    Count,
    /// How many rounds.
    Repeat,
    /// Allocation flags.
    Gfp,
    /// The NUMA node asked for.
    Node,
    /// The alignment asked for.
    Align,
    /// Whether zeroed memory is asked for.
    Zero,
    /// Which part of the free memory is used.
    Share,
    /// A workload with a name.
    Preset,
    /// In which pattern memory is allocated and freed.
    Pattern,
    /// In which order it is freed.
    FreeOrder,
    /// Which sizes follow one another.
    Sizes,
    /// How many allocations are timed.
    Operations,
    /// How many allocations come before.
    Warmup,
    /// Through which code the kernel is called.
    Via,
    /// On how many CPUs.
    Cpus,
    /// What stays allocated meanwhile.
    Background,
    /// The seed of random numbers.
    Seed,
    /// Which rule is broken.
    Kind,
    /// In which language.
    Language,
}

impl Key {
    /// All of them.
    pub(super) const ALL: [Self; 26] = [
        Self::Name,
        Self::Allocator,
        Self::Size,
        Self::Order,
        Self::From,
        Self::To,
        Self::Step,
        Self::Count,
        Self::Repeat,
        Self::Gfp,
        Self::Node,
        Self::Align,
        Self::Zero,
        Self::Share,
        Self::Preset,
        Self::Pattern,
        Self::FreeOrder,
        Self::Sizes,
        Self::Operations,
        Self::Warmup,
        Self::Via,
        Self::Cpus,
        Self::Background,
        Self::Seed,
        Self::Kind,
        Self::Language,
    ];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Allocator => "allocator",
            Self::Size => "size",
            Self::Order => "order",
            Self::From => "from",
            Self::To => "to",
            Self::Step => "step",
            Self::Count => "count",
            Self::Repeat => "repeat",
            Self::Gfp => "gfp",
            Self::Node => "node",
            Self::Align => "align",
            Self::Zero => "zero",
            Self::Share => "share",
            Self::Preset => "preset",
            Self::Pattern => "pattern",
            Self::FreeOrder => "free_order",
            Self::Sizes => "sizes",
            Self::Operations => "operations",
            Self::Warmup => "warmup",
            Self::Via => "via",
            Self::Cpus => "cpus",
            Self::Background => "background",
            Self::Seed => "seed",
            Self::Kind => "kind",
            Self::Language => "language",
        }
    }

    /// What values it takes, in words.
    pub(crate) const fn accepts(self) -> &'static str {
        match self {
            Self::Name => "1 to 24 letters, digits, - and _",
            Self::Allocator => "kmalloc, vmalloc, kvmalloc, pages, several with commas, or all",
            Self::Size | Self::From | Self::To => {
                "bytes from 1 to 9223372036854775807; suffix k, M or G allowed"
            }
            Self::Order => "an order from 0 to 63, or none; pages have at most MAX_PAGE_ORDER",
            Self::Step => {
                "xN to multiply by N from 2 to 1024, or bytes from 1 to 9223372036854775807"
            }
            Self::Count => "allocations held at once, from 1 to 65536",
            Self::Repeat => "rounds from 1 to 1000000000",
            Self::Gfp => {
                "kernel, user, noio, nofs, nowait or atomic, \
                 then +zero +nowarn +account +thisnode +noretry or +retry_mayfail"
            }
            Self::Node => "any, or the number of an online node",
            Self::Align => "a power of two of bytes from 1 to 1073741824",
            Self::Zero => "yes or no",
            Self::Share => "percent from 1 to 100",
            Self::Preset => {
                "none, lab-bulk, lab-repeat, lab-rand, lab-frag, slab-repeat, slab-pair, \
                 slab-remote, page-pair, page-outstanding, page-cross, vmalloc-fix-size, \
                 vmalloc-full-fit, vmalloc-long-busy-list, vmalloc-random-size, \
                 vmalloc-fix-align or vmalloc-no-block"
            }
            Self::Pattern => "pair, batch, all, remote or steady",
            Self::FreeOrder => "lifo, fifo or shuffled",
            Self::Sizes => {
                "fixed, sweep, uniform, powers, or up to 8 of BYTES:WEIGHT with commas, \
                 with weights that add up to 1024 at most"
            }
            Self::Operations => "allocations from 1 to 1000000000",
            Self::Warmup => "allocations from 0 to 1000000000",
            Self::Via => "library, c, or both with a comma, or all",
            Self::Cpus => "CPUs from 1 to 65536, or all",
            Self::Background => {
                "allocations of a page from 0 to 65536, optionally followed by +gaps"
            }
            Self::Seed => "a number from 0 to 18446744073709551615",
            Self::Kind => Misuse::WORDS,
            Self::Language => "c or rust",
        }
    }

    /// What it means, in one line, unless a scenario says otherwise.
    const fn meaning(self) -> &'static str {
        match self {
            Self::Name => "name under which the memory is held",
            Self::Allocator => "allocators to use",
            Self::Size => "bytes asked for",
            Self::Order => "bytes asked for, as 2^order pages; instead of size, with pages only",
            Self::From => "first size, in bytes",
            Self::To => "last size, in bytes",
            Self::Step => "how to get from one size to the next",
            Self::Count => "allocations held at once",
            Self::Repeat => "rounds of allocating all and freeing all",
            Self::Gfp => "allocation flags (nowarn is always added)",
            Self::Node => "NUMA node asked for",
            Self::Align => "alignment asked for, in bytes",
            Self::Zero => "ask for zeroed memory",
            Self::Share => "part of the available memory to go through, in percent",
            Self::Preset => "workload of another benchmark; sets other defaults for the rest",
            Self::Pattern => "pattern in which memory is allocated and freed",
            Self::FreeOrder => "order in which held memory is freed",
            Self::Sizes => "one size; each size from..to separately; or 1024 random sizes",
            Self::Operations => "timed allocations, for each allocator, size and path",
            Self::Warmup => "untimed allocations beforehand",
            Self::Via => "code that calls the kernel",
            Self::Cpus => "most CPUs to use, from the first online one on, isolated or not",
            Self::Background => {
                "pages kept allocated during the test; \
                 +gaps allocates as many between them and frees those"
            }
            Self::Seed => "random seed",
            Self::Kind => "the rule to break (only with allow_misuse=1); list breaks none",
            Self::Language => "language of the code that breaks the rule",
        }
    }

    /// The parameter with this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }
}

/// A parameter that a scenario takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Which one.
    pub(crate) key: Key,
    /// Its value if the command does not give one, as a command would; empty if it has to.
    pub(crate) default: &'static str,
    /// What it means, in one line.
    pub(crate) meaning: &'static str,
}

impl Parameter {
    /// The parameter `key`, with its default.
    pub(crate) const fn new(key: Key, default: &'static str) -> Self {
        Self {
            key,
            default,
            meaning: key.meaning(),
        }
    }

    /// The same parameter, where it means something of its own.
    pub(crate) const fn meaning(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }
}
