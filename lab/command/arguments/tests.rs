// SPDX-License-Identifier: GPL-2.0

use super::*;

const PARAMETERS: &[Parameter] = &[
    Parameter::new(Key::Allocator, "all"),
    Parameter::new(Key::Size, "100"),
    Parameter::new(Key::Order, "none"),
    Parameter::new(Key::From, "1"),
    Parameter::new(Key::To, "8M"),
    Parameter::new(Key::Step, "x2"),
    Parameter::new(Key::Count, "1"),
    Parameter::new(Key::Repeat, "1"),
    Parameter::new(Key::Gfp, "kernel"),
    Parameter::new(Key::Node, "any"),
    Parameter::new(Key::Align, "1"),
    Parameter::new(Key::Zero, "no"),
];

fn parse(text: &str) -> Result<Arguments, String> {
    let command = Command::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    Arguments::parse(command, PARAMETERS).map_err(|error| error.to_string())
}

#[test]
fn defaults_stand_where_nothing_is_given() {
    let arguments = parse("x").unwrap();
    assert_eq!((arguments.size_bytes, arguments.count), (100, 1));
    assert_eq!(arguments.sizes_bytes().count(), 24);
}

#[test]
fn values_replace_defaults() {
    let arguments = parse("x size=4k count=3 gfp=atomic zero=yes node=0 align=64").unwrap();
    assert_eq!(arguments.size_bytes, 4096);
    assert_eq!(arguments.count, 3);
    assert_eq!(arguments.gfp.to_string(), "atomic+zero");
    assert_eq!(arguments.node, Some(0));
    assert_eq!(arguments.align_bytes, 64);
}

#[test]
fn values_are_shown_as_they_are_given() {
    let text = "x allocator=vmalloc,kvmalloc size=4K order=none from=64 to=1M step=x4 count=3 \
                repeat=7 gfp=nofs+zero node=1 align=128 zero=yes";
    let arguments = parse(&text.replace(" order=none", "")).unwrap();
    let shown: Vec<_> = PARAMETERS
        .iter()
        .map(|parameter| {
            format!(
                "{}={}",
                parameter.key.name(),
                arguments.value_of(parameter.key)
            )
        })
        .collect();
    assert_eq!(format!("x {}", shown.join(" ")), text);
}

#[test]
fn zero_and_gfp_add_up_in_either_order() {
    for text in [
        "x zero=yes gfp=nowait",
        "x gfp=nowait zero=yes",
        "x gfp=nowait+zero",
    ] {
        assert_eq!(parse(text).unwrap().gfp.to_string(), "nowait+zero");
    }
}

#[test]
fn every_refusal_names_the_key_and_what_it_takes() {
    for (text, expected) in [
        ("x size=", "size=: give bytes from 1 to "),
        ("x size=0", "size=0: out of range; give bytes from 1 to "),
        ("x size=-1", "size=-1: give bytes"),
        ("x size=9223372036854775808", "out of range"),
        ("x size=99999999999999999999", "out of range"),
        (
            "x count=0",
            "count=0: out of range; give allocations held at once, from 1 to 65536",
        ),
        ("x count=65537", "out of range"),
        ("x count=1k", "count=1k: give"),
        ("x order=64", "out of range"),
        ("x order=1", "order=1: goes with allocator=pages only"),
        ("x size=1 order=1", "order=1: give either size or order"),
        ("x order=1 size=1", "size=1: give either size or order"),
        ("x size=1 size=1", "size is given twice"),
        (
            "x colour=red",
            "unknown key 'colour'; this command takes allocator size",
        ),
        ("x Size=1", "unknown key 'Size'"),
        ("x gfp=!atomic", "gfp=!atomic: give kernel"),
        ("x gfp=0xcc0", "give kernel"),
        (
            "x gfp=kernel+thisnode",
            "thisnode goes with kmalloc and pages only",
        ),
        ("x gfp=kernel+noretry", "noretry does not go with kvmalloc"),
        ("x gfp=atomic+noretry", "exclude each other"),
        ("x align=3", "align=3: give a power of two"),
        ("x align=0", "out of range"),
        ("x zero=1", "zero=1: give yes or no"),
        ("x zero=no gfp=kernel+zero", "zero=no: contradicts +zero"),
        ("x node=-1", "node=-1: give any, or"),
        ("x node=4294967296", "out of range"),
        ("x from=2 to=1", "from=2: is above to=1"),
        ("x from=4k to=1k", "from=4K: is above to=1K"),
        ("x step=x1", "out of range"),
        ("x step=0", "out of range"),
        ("x step=1", "more than 4096 sizes"),
        ("x allocator=slab", "allocator=slab: give kmalloc"),
        ("x allocator=kmalloc,kmalloc", "give kmalloc"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn scenarios_of_one_family_take_its_flags() {
    const OF_PAGES: &[Parameter] = &[
        Parameter::new(Key::Gfp, "kernel"),
        Parameter::new(Key::Node, "any"),
    ];
    for text in ["x gfp=kernel+thisnode node=0", "x gfp=kernel+noretry"] {
        let command = Command::parse(text.as_bytes()).map_err(|error| error.to_string());
        let arguments = Arguments::parse(command.unwrap(), OF_PAGES);
        assert!(arguments.is_ok(), "{text}");
    }
}

#[test]
fn sizes_end_where_they_would_overflow() {
    let sizes: Vec<_> = parse("x from=4611686018427387904 to=9223372036854775807")
        .unwrap()
        .sizes_bytes()
        .collect();
    assert_eq!(sizes, [1 << 62]);
}

#[test]
fn long_values_are_cut_in_messages() {
    let error = parse(&format!("x size={}", "z".repeat(1000))).unwrap_err();
    assert!(error.len() < 150 && error.contains("..."), "{error}");
}

const TIMED: &[Parameter] = &[
    Parameter::new(Key::Preset, "none"),
    Parameter::new(Key::Allocator, "kmalloc"),
    Parameter::new(Key::Size, "64"),
    Parameter::new(Key::Order, "none"),
    Parameter::new(Key::Gfp, "kernel"),
    Parameter::new(Key::Zero, "no"),
    Parameter::new(Key::Pattern, "pair"),
    Parameter::new(Key::Count, "100"),
    Parameter::new(Key::Operations, "1000"),
    Parameter::new(Key::Align, "1"),
    Parameter::new(Key::Via, "library"),
];

/// The values but for the last three.
fn parse_timed(text: &str) -> Result<String, String> {
    let command = Command::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    let arguments = Arguments::parse(command, TIMED).map_err(|error| error.to_string())?;
    let values = TIMED[..TIMED.len() - 3]
        .iter()
        .map(|parameter| arguments.value_of(parameter.key).to_string());
    Ok(values.collect::<Vec<_>>().join(" "))
}

#[test]
fn a_preset_gives_other_defaults() {
    assert_eq!(
        parse_timed("x").unwrap(),
        "none kmalloc 64 none kernel no pair 100"
    );
    let preset = "lab-bulk pages 64 0 kernel no batch 1024";
    assert_eq!(parse_timed("x preset=lab-bulk").unwrap(), preset);
    // Wherever it stands, what the command says goes before it.
    for text in ["x count=7 preset=lab-bulk", "x preset=lab-bulk count=7"] {
        assert_eq!(parse_timed(text).unwrap(), preset.replace("1024", "7"));
    }
    assert_eq!(
        parse_timed("x preset=lab-bulk size=8k").unwrap(),
        "lab-bulk pages 8K none kernel no batch 1024"
    );
    assert_eq!(
        parse_timed("x preset=vmalloc-fix-align").unwrap(),
        "vmalloc-fix-align vmalloc 20K none kernel+zero yes pair 100"
    );
}

#[test]
fn what_contradicts_a_preset_is_refused() {
    for text in [
        "x preset=lab",
        "x preset=",
        "x preset=lab-bulk preset=lab-bulk",
        "x preset=lab-bulk allocator=kmalloc",
        "x preset=lab-bulk size=4k order=1",
        "x preset=vmalloc-fix-align via=all",
        "x align=2 via=c",
        "x pattern=all operations=1048577",
    ] {
        assert!(parse_timed(text).is_err(), "{text}");
    }
    // What is refused is named with the preset's value.
    let complaint = parse_timed("x preset=vmalloc-fix-align via=c").unwrap_err();
    assert!(complaint.starts_with("align=32k: goes with"), "{complaint}");
    assert!(parse_timed("x align=2").is_ok());
    assert!(parse_timed("x pattern=all operations=1048576").is_ok());
    assert!(parse_timed("x pattern=batch operations=1048577").is_ok());
    // A scenario without presets does not know the word.
    assert!(parse("x preset=lab-bulk").is_err());
}
