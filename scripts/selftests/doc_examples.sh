#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The examples in the library's documentation do what they say, on this kernel. The module that
# has them is built from tests/examples; it runs all when it is inserted.
. "${0%/*}/lib.sh"

root=$here/../..
examples=$root/build/${KERNEL:-stock}/tests/examples/memalloc_examples.ko
begin="selftest $test_name: $examples, $$"

# log: what the kernel logged since the module was inserted.
log() {
	dmesg | sed "0,\|$begin|d"
}

# say_of PLACE: what the module said about an example, and was not its result.
say_of() {
	sed -n "s|^# \(${1%:*}:\)|\1|p" "$work/told"
}

python3 -S -B "$root/scripts/doc_examples.py" --list "$root" memalloc >"$work/listed"
others=3
! can_guard || others=4
plan $(($(grep -c . "$work/listed") + others))

# Objects have accounts only once there was a memory cgroup, and then some lie otherwise.
make_cgroup any || true
remove_cgroup any

! can_guard || guard
echo "$begin" >/dev/kmsg
insmod "$examples" 2>"$work/refusal"
[ ! -s "$work/refusal" ] || log | tail -n 60 | sed 's/^/# /'
expect "the module of examples is inserted" "" "$(cat "$work/refusal")"
log | sed -n 's/.*memalloc_examples: //p' >"$work/told"

# Of other sources, it would tell about other examples.
sed -n 's/^\(not \)\{0,1\}ok [0-9]* - //p' "$work/told" >"$work/ran"
if [ -s "$work/listed" ] && cmp -s "$work/listed" "$work/ran"; then
	pass "the module has the examples of these sources, all of them"
else
	fail "the module has the examples of these sources, all of them" \
		"build it: scripts/build --source tests/examples" \
		"$(diff "$work/listed" "$work/ran")"
fi

# By one process: there are many examples, and an emulated machine takes a quarter of a second for each.
awk 'FILENAME == ARGV[1] { if (sub(/^ok [0-9]+ - /, "")) passed[$0]; next }
	{ print ($0 in passed ? "ok" : "failed"), $0 }' "$work/told" "$work/listed" >"$work/judged"
while read -r word place; do
	case $word in
	ok) pass "$place" ;;
	*) fail "$place" "$(say_of "$place")" ;;
	esac
done <"$work/judged"

log >"$work/log"
# Status 1 is that there is none.
complaints=$(sh "$find_splat" "$work/log" 2>&1)
[ $? -le 1 ] || complaints="the log could not be looked through: $complaints"
expect "the kernel does not complain" "" "$complaints"

# guarded: how many objects.
guarded() {
	sed -n 's/^total allocations: //p' /sys/kernel/debug/kfence/stats
}
if can_guard; then
	if [ "$(guarded)" != 0 ]; then
		pass "KFENCE guarded some of it"
	else
		fail "KFENCE guarded some of it"
	fi
fi

[ ! -d /sys/module/memalloc_examples ] || rmmod memalloc_examples
finish
