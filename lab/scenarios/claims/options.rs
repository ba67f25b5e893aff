// SPDX-License-Identifier: GPL-2.0

//! Claims on how to find mistakes: options of the configuration and of the boot.

use super::{
    ask::Spacing,
    claim::{
        Claim,
        Finding,
        Guide,
        Verdict, //
    },
};
use crate::lab::{
    run::Run,
    stop::Stop, //
};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "config-debug-slab",
        guide: Guide::Driver,
        text: "CONFIG_DEBUG_SLAB switches slab debugging on.",
        check: config_debug_slab,
    },
    Claim {
        id: "config-slub-debug",
        guide: Guide::Driver,
        text: "CONFIG_SLUB_DEBUG builds slab debugging in.",
        check: config_slub_debug,
    },
    Claim {
        id: "config-kasan",
        guide: Guide::Driver,
        text: "CONFIG_KASAN finds accesses out of bounds and after free.",
        check: config_kasan,
    },
    Claim {
        id: "boot-option-slub-debug",
        guide: Guide::Driver,
        text: "The boot option slub_debug=FZPU makes the slabs check themselves.",
        check: boot_option_slub_debug,
    },
];

fn yes_no(is_set: bool) -> &'static str {
    match is_set {
        true => "y",
        false => "not set",
    }
}

fn config_debug_slab(_run: &mut Run<'_>) -> Result<Finding, Stop> {
    let (slab, slub) = (cfg!(CONFIG_DEBUG_SLAB), cfg!(CONFIG_SLUB_DEBUG));
    let verdict = match (slab, slub) {
        (true, _) => Verdict::Holds,
        // Slab debugging is there without it.
        (false, true) => Verdict::DoesNotHold,
        (false, false) => Verdict::Depends("the release: slab debugging is not built here at all"),
    };
    Finding::new(
        verdict,
        format_args!(
            "CONFIG_DEBUG_SLAB is {}, CONFIG_SLUB_DEBUG is {}",
            yes_no(slab),
            yes_no(slub)
        ),
    )
}

fn config_slub_debug(_run: &mut Run<'_>) -> Result<Finding, Stop> {
    let is_set = cfg!(CONFIG_SLUB_DEBUG);
    let verdict = match is_set {
        true => Verdict::Holds,
        false => Verdict::Depends("the configuration"),
    };
    Finding::new(
        verdict,
        format_args!("CONFIG_SLUB_DEBUG is {}", yes_no(is_set)),
    )
}

fn config_kasan(_run: &mut Run<'_>) -> Result<Finding, Stop> {
    let is_set = cfg!(CONFIG_KASAN);
    let verdict = match is_set {
        true => Verdict::Holds,
        false => Verdict::Depends("the configuration: most distributions do not build it"),
    };
    Finding::new(verdict, format_args!("CONFIG_KASAN is {}", yes_no(is_set)))
}

/// A module cannot read the option, but it can see what the slabs look like.
fn boot_option_slub_debug(run: &mut Run<'_>) -> Result<Finding, Stop> {
    let spacing = Spacing::measure(run)?;
    let state = match spacing.has_data_beside() {
        false => "off",
        true if cfg!(CONFIG_KASAN_GENERIC) => "on, or it is KASAN that takes room",
        true => "on",
    };
    Finding::new(
        Verdict::Depends(
            "the boot options, which a module cannot read; the kernel's name for it is slab_debug",
        ),
        format_args!(
            "slab debugging is {state}: objects of {} bytes lie {} bytes apart",
            spacing.size_bytes, spacing.spacing_bytes
        ),
    )
}
