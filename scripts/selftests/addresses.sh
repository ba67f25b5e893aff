#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Kernel addresses and page frame numbers are secrets unless the module was told to show them.
. "${0%/*}/lib.sh"
plan 9

# An address of the upper half, however it is cut into digits; a frame with its name; and any other number
# in base 16, but for those that tell of contexts.
secret='ffff[0-9a-f]{12}|0xff[0-9a-f]{14}|first_pfn|page frame|0x[0-9a-f]'

# leaks FILE: whatever looks like an address or a frame.
leaks() {
	sed -E 's/"preempt_count":"0x[0-9a-f]{1,8}"//; s/0x[0-9a-f]{1,8} +(yes|no) //' "$1" | grep -E -i "$secret"
}

run_all() {
	for command in "probe allocator=all size=9000 count=3" sweep compare orders "probe size=0" \
		"probe allocator=vmalloc size=1024G"; do
		ask "$command" || true
		cat "$work/answer" "$lab/report" "$lab/results" >>"$1"
	done
	cat "$lab/scenarios" "$lab/stats" "$lab/environment" "$lab/version" "$lab/run" \
		"$lab/held" "$lab/progress" >>"$1"
}

# So that there is something that could be told.
echo "alloc name=secret allocator=vmalloc size=9000" >"$lab/held"
expect "something is held" 1 "$(grep -c '^secret ' "$lab/held")"
run_all "$work/hidden"
echo "free name=secret" >"$lab/held"
expect "hidden: no file shows one" "" "$(leaks "$work/hidden")"
expect "hidden: environment says so" no "$(environment show_addresses)"

# As far as each scenario comes in a second.
reload timeout_ms=1000
scenario_names >"$work/scenarios"
while IFS= read -r scenario; do
	ask "$scenario" || true
	cat "$work/answer" "$lab/report" "$lab/results" >>"$work/every"
done <"$work/scenarios"
expect "hidden: no scenario shows one" "" "$(leaks "$work/every")"
dmesg | grep -E '(^|\] )rust_memalloc: ' >"$work/log"
[ -s "$work/log" ] || echo "0x0: there is no line of the module" >"$work/log"
expect "hidden: the kernel's log of the module shows none" "" "$(leaks "$work/log")"

reload show_addresses=1
expect "shown: environment says so" yes "$(environment show_addresses)"
ask "probe allocator=kmalloc size=100"
if grep -E -q "^address +0xff[0-9a-f]{14}$" "$work/answer"; then
	pass "shown: probe prints the address"
else
	fail "shown: probe prints the address" "$(cat "$work/answer")"
fi
if grep -E -q "^first page frame +0x[0-9a-f]+$" "$work/answer"; then
	pass "shown: probe prints the page frame"
else
	fail "shown: probe prints the page frame" "$(cat "$work/answer")"
fi
reload show_addresses=0
run_all "$work/again"
expect "hidden again: no file shows one" "" "$(leaks "$work/again")"
finish
