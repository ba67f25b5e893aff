#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every allocator under every base flag: allocated, filled to the last byte, read back, freed,
# and booked.
. "${0%/*}/lib.sh"

allocators="kmalloc vmalloc kvmalloc pages"
bases="kernel user noio nofs nowait atomic"
plan 30

# came_zeroed COMMAND: one problem a line unless memory that was asked to be zeroed was.
came_zeroed() {
	[ "$(figure totals came_zeroed)" = "$(figure totals allocated)" ] ||
		echo "$1: $(figure totals came_zeroed) of $(figure totals allocated) came zeroed"
}

# Sizes within a page, of several pages, and of large kmalloc; order 3 at most, which even a
# request that may not wait gets.
for allocator in $allocators; do
	for base in $bases; do
		for gfp in "$base" "$base+account"; do
			# 1, 16, 256, 4096
			books "sweep allocator=$allocator from=1 to=4k step=x16 count=2 gfp=$gfp" 8 "$allocator"
			command="probe allocator=$allocator size=20000 count=2 repeat=2 gfp=$gfp zero=yes"
			books "$command" 4 "$allocator"
			came_zeroed "$command"
		done >"$work/problems"
		if [ -s "$work/problems" ]; then
			fail "$allocator with gfp=$base and with +account" "$(cat "$work/problems")"
		else
			pass "$allocator with gfp=$base and with +account"
		fi
	done
done

# A modifier that goes with the base and changes nothing that can be seen here.
for allocator in $allocators; do
	command="probe allocator=$allocator size=5000 gfp=kernel+zero+nowarn+account+retry_mayfail"
	problems=$(books "$command" 1 "$allocator" && came_zeroed "$command")
	expect "$allocator with four modifiers" "" "$problems"
done

for allocator in vmalloc pages; do
	problems=$(books "probe allocator=$allocator size=8k count=4096" 4096 "$allocator")
	expect "$allocator: 4096 held at once" "" "$problems"
done
finish
