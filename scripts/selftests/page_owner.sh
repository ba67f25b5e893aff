#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A kernel that notes each page's owner (page_owner=on) finds the module in the stacks of what it holds,
# for as long as it does: how whoever looks for memory that is gone would come upon it.
. "${0%/*}/lib.sh"

stacks=/sys/kernel/debug/page_owner_stacks/show_stacks
size=100000 count=3

# owned: the pages whose stacks have a function of the module. Not those of slabs, which others share, and
# of the shadow of vmalloc'ed memory, which stays for a while.
owned() {
	awk 'BEGIN { RS = "" }
		/\[rust_memalloc\]/ && !/ (allocate_slab|__kasan_populate_vmalloc)\+/ { pages += $NF }
		END { print pages + 0 }' "$stacks"
}

# held ALLOCATOR PAGES
held() {
	echo "alloc name=owned allocator=$1 size=$size count=$count" >"$lab/held"
	expect "$1: its pages are the module's" "$2" "$(owned)"
	echo "free name=owned" >"$lab/held"
	expect "$1: they are no longer when they were freed" 0 "$(owned)"
}

plan 8
if [ ! -e "$stacks" ]; then
	for allocator in kmalloc vmalloc kvmalloc pages; do
		skip "$allocator: its pages are the module's" "this kernel notes no owners (CONFIG_PAGE_OWNER, page_owner=on)"
		skip "$allocator: they are no longer when they were freed" "this kernel notes no owners"
	done
	finish
fi
# 128 KiB each, and 25 pages each.
held kmalloc $((count * 32))
held vmalloc $((count * 25))
held kvmalloc $((count * 32))
held pages $((count * 32))
finish
