#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A kernel with allocation profiling charges the laboratory's allocations to the module, by the
# line of Rust that asked for them, for as long as they live.
. "${0%/*}/lib.sh"

switch=/proc/sys/vm/mem_profiling
size=100000 count=3

# charged: the bytes and the line of each place in the laboratory that has something charged.
charged() {
	awk '$4 == "[rust_memalloc]" && $3 ~ /lab\/memory\.rs:[0-9]+$/ && $1 > 0 { print $1, $3 }' /proc/allocinfo
}

# between LOW HIGH: whether one place has something charged, and how many bytes.
between() {
	if [ "$(wc -l <"$work/charged")" != 1 ]; then
		echo "expected one line of source, got: $(tr '\n' ' ' <"$work/charged")"
		return
	fi
	read -r bytes place <"$work/charged"
	[ "$bytes" -ge "$1" ] && [ "$bytes" -le "$2" ] ||
		echo "expected $1 to $2 bytes at $place, got $bytes"
}

# held ALLOCATOR LOW HIGH
held() {
	echo "alloc name=charged allocator=$1 size=$size count=$count" >"$lab/held"
	charged >"$work/charged"
	sed "s/.*/# $1: &/" "$work/charged"
	expect "$1: its line is charged" "" "$(between "$2" "$3")"
	cut -d ' ' -f 2 "$work/charged" >>"$work/places"
	echo "free name=charged" >"$lab/held"
	expect "$1: nothing is charged when it was freed" "" "$(charged)"
}

plan 9
if [ ! -e /proc/allocinfo ]; then
	for allocator in kmalloc vmalloc kvmalloc pages; do
		skip "$allocator: its line is charged" "this kernel has no CONFIG_MEM_ALLOC_PROFILING"
		skip "$allocator: nothing is charged when it was freed" "there is no /proc/allocinfo"
	done
	skip "each allocator has a line of its own" "there is no /proc/allocinfo"
	finish
fi

before=$(cat "$switch")
echo 1 >"$switch"
# 128 KiB each; 25 pages each, and an array of their addresses.
held kmalloc $((count * 131072)) $((count * 131072))
held vmalloc $((count * 102400)) $((count * (102400 + 512)))
held kvmalloc $((count * 131072)) $((count * 131072))
held pages $((count * 131072)) $((count * 131072))
echo "$before" >"$switch"
expect "each allocator has a line of its own" 4 "$(sort -u "$work/places" | wc -l)"
finish
