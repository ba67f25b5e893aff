#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# With the kernel's own checks in every slab (slab_debug=FZPU): nothing is written where it
# should not be, and what ksize() says then is told as what it is.
. "${0%/*}/lib.sh"
plan 8

cache=/sys/kernel/slab/kmalloc-128
checks=$(cat "$cache/sanity_checks" "$cache/red_zone" "$cache/poison" "$cache/store_user" | tr -d '\n')
if [ "$checks" != 1111 ]; then
	for name in "probe" "sweep" "compare" "orders" "many objects" "usable sizes" "the reason" "the slabs"; do
		skip "$name" "this kernel was booted without slab_debug=FZPU"
	done
	finish
fi

for command in "probe allocator=all size=100" "sweep step=x3" "compare" "orders"; do
	if ask "$command"; then
		pass "$command"
	else
		fail "$command" "$(cat "$work/answer")"
	fi
done

ask "probe size=100 count=500 repeat=4 gfp=kernel+zero"
expect "thousands of objects, zeroed in spite of the poison" \
	"2000 2000" "$(figure totals allocated) $(figure totals came_zeroed)"

# The size asked for at least, and the class at most.
ask "sweep allocator=kmalloc from=1 to=8192 step=61"
expect "usable sizes are between the request and its class" "" "$(
	sed -n 's/.*"kind":"series","size_bytes":\([0-9]*\),.*"usable_bytes":\([0-9]*\),.*/\1 \2/p' "$lab/results" |
		while read -r size usable; do
			class=8192
			for limit in 4096 2048 1024 512 256 192 128 96 64 32 16 8; do
				[ "$size" -gt "$limit" ] || class=$limit
			done
			if [ "$usable" -lt "$size" ] || [ "$usable" -gt "$class" ]; then
				echo "$size: $usable, class $class"
			fi
		done
)"

# A class that loses bytes to the checks says so.
ask "probe size=100"
case $(figure allocation usable_bytes):$(figure allocation usable_witness) in
"128:ksize, as kmalloc_size_roundup predicts") pass "the witness is named" ;;
128:* | *:*predicts) fail "the witness is named" "$(cat "$work/answer")" ;;
*:ksize*) pass "the witness is named" ;;
*) fail "the witness is named" "$(cat "$work/answer")" ;;
esac

# The kernel checks every object of a cache when told to, and complains in its log.
for file in /sys/kernel/slab/kmalloc-*/validate; do
	echo 1 >"$file"
done
expect "all slabs of kmalloc are valid" "" "$(dmesg | grep -E 'BUG kmalloc|FIX kmalloc')"
finish
