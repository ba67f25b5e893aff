#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every rule is broken on purpose, in C and in Rust, and this kernel notices what the table says that
# it does; and none is where nobody allowed it, or the kernel would not survive it.
. "${0%/*}/lib.sh"

kfence=/sys/module/kfence/parameters/sample_interval
kmemleak=/sys/kernel/debug/kmemleak
rules=12

# What this kernel has. KFENCE is switched on here, after the rest.
slab_checks=$(cat /sys/kernel/slab/kmalloc-64/sanity_checks)
checks=none
if [ "$slab_checks" = 1 ]; then
	checks=slab
elif [ -e "$kmemleak" ]; then
	checks=debug
fi

refusals=9
own=$((2 * rules + 1))
case $checks in
none) plan $((refusals + 2 * own + 2)) ;;
debug) plan $((refusals + own + 3)) ;;
*) plan $((refusals + own + 2)) ;;
esac

# It has not yet been allowed.
python misuse.py refused
reload allow_misuse=1
python misuse.py survived

if ! expect_splats; then
	fail "the machine was started with --expect-splats" "it was not; the kernel would seem to complain"
	finish
fi
python misuse.py broken "$checks"
if [ "$checks" = none ]; then
	echo 10 >"$kfence"
	python misuse.py broken kfence
	echo 0 >"$kfence"
fi
if [ "$checks" = debug ]; then
	python misuse.py leaked
fi
expect_splats_no_more

for command in "sweep" "probe allocator=kmalloc size=60 count=1000 repeat=3"; do
	expect "all is well afterwards: $command" "" \
		"$(ask "$command" || cat "$work/answer")"
done
finish
