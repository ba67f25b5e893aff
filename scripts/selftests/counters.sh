#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# After thousands of allocations the kernel's own counters are where they were.
. "${0%/*}/lib.sh"

plan 11

# counters: MemAvailable and VmallocUsed in KiB, and the objects of the caches of kmalloc for
# 128 bytes, plain and accounted.
counters() {
	available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	vmalloc=$(sed -n 's/^VmallocUsed: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	objects=$(awk '$1 == "kmalloc-128" || $1 == "kmalloc-cg-128" { sum += $2 } END { print sum }' \
		/proc/slabinfo)
}

# lost NAME NUMBER TOLERANCE: complains of more than can be explained.
lost() {
	[ "$2" -le "$3" ] || echo "$1: $2 lost; what the kernel keeps and others do explains $3"
}

# settle: what the boot left to do may take some seconds, and frees memory.
settle() {
	tries=0 available_before=0
	counters
	while [ "$available" != "$available_before" ] && [ "$tries" -lt 20 ]; do
		available_before=$available tries=$((tries + 1))
		sleep 0.5
		counters
	done
}

# warm_up: fills the caches, and remembers the counters.
warm_up() {
	ask "probe allocator=$allocator repeat=$((number / 10 + 1)) $arguments"
	counters
	available_before=$available vmalloc_before=$vmalloc objects_before=$objects
}

# all_lost: complains of what was lost since.
all_lost() {
	counters
	lost "MemAvailable in KiB" $((available_before - available)) "$tolerance_kib"
	lost "VmallocUsed in KiB" $((vmalloc - vmalloc_before)) "$tolerance_vmalloc_kib"
	lost "objects of 128 bytes" $((objects - objects_before)) "$tolerance_objects"
}

# What the kernel keeps, and other tasks do, moves the counters. After a warm-up that fills the
# caches (per-CPU lists of pages and of objects, the pool of freed vmalloc areas), up to 500 KiB,
# 32 KiB and no objects were lost. If one in ten allocations leaked, at least one of the counters
# would be out by more than its tolerance, for each of the commands.
tolerance_kib=2048 tolerance_vmalloc_kib=256 tolerance_objects=256
# KASAN holds back what was freed, up to a 32nd of the memory, and that counts as allocated. There
# the module's own books are looked at, in fewer rounds, and scripts/guest/run has kmemleak look for
# the rest.
share=1 is_counted=true
if grep -qw kasan_quarantine_put /proc/kallsyms; then
	echo "# KASAN holds back what was freed: a 50th of the rounds, and the module's books only"
	share=50 is_counted=false
fi

! $is_counted || settle
while read -r allocator number arguments; do
	number=$(((number + share - 1) / share))
	command="probe allocator=$allocator repeat=$number $arguments"
	! $is_counted || warm_up
	problems=$(books "$command" "$number" "$allocator")
	! $is_counted || problems=$problems$(lost_for_good all_lost)
	expect "$number times $allocator $arguments leaves nothing" "" "$problems"
done <<-COMMANDS
	kmalloc 100000 size=100
	kmalloc 100000 size=100 gfp=kernel+account
	kmalloc 10000 size=9000
	vmalloc 10000 size=5000
	vmalloc 10000 size=5000 gfp=atomic
	kvmalloc 100000 size=100
	kvmalloc 20 size=12M
	kvmalloc 10000 size=9000 gfp=nowait
	pages 10000 order=0
	pages 3000 order=3
	pages 1000 order=3 gfp=atomic+account
COMMANDS

finish
