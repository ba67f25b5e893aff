#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The library's KUnit suites, in the module that is built from tests/kunit. The kernel runs them when it
# is inserted; each of their tests is a case here.
. "${0%/*}/lib.sh"

root=$here/../..
suites=$root/build/${KERNEL:-stock}/tests/kunit/memalloc_kunit.ko
results=/sys/kernel/debug/kunit

if [ ! -d "$results" ]; then
	plan 1
	skip "the suites of the library" "this kernel has no KUnit"
	finish
fi

# suite FILE: the name of the suite in a source.
suite() {
	sed -n 's/^#\[kunit_tests(\(.*\))\]$/\1/p' "$1"
}

# tests FILE: the names of the tests in it.
tests() {
	sed -n '/^ *#\[test\]$/{n; s/.*fn \([a-z_0-9]*\).*/\1/p}' "$1"
}

cases=0
for source in "$root"/tests/kunit/*.rs; do
	cases=$((cases + $(tests "$source" | wc -l)))
done
plan $((cases + 2))

# Objects have accounts only once there was a memory cgroup, and then some lie otherwise.
make_cgroup any || true
remove_cgroup any

insmod "$suites" 2>"$work/refusal"
expect "the module of suites is inserted" "" "$(cat "$work/refusal")"
for source in "$root"/tests/kunit/*.rs; do
	name=$(suite "$source")
	[ -n "$name" ] || continue
	cat "$results/$name/results" >"$work/results"
	passing=$(sed -n 's/^ *ok [0-9]* \([a-z_0-9]*\)$/\1/p' "$work/results" | tr '\n' ' ')
	# A test that the module does not have, or did not come to, has failed.
	for test in $(tests "$source"); do
		case " $passing" in
		*" $test "*) pass "$name: $test" ;;
		*) fail "$name: $test" "$(grep -A 10 "# $test: " "$work/results")" ;;
		esac
	done
done
expect "no suite failed as a whole" "" "$(cat "$results"/memalloc_*/results | grep '^not ok')"
[ ! -d /sys/module/memalloc_kunit ] || rmmod memalloc_kunit
finish
