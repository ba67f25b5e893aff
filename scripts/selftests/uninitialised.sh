#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Whether memory comes zeroed: always if asked for, always if the kernel was booted so, and
# otherwise not always, which shows that the difference is seen at all.
. "${0%/*}/lib.sh"
plan 13

# dirty ALLOCATOR SIZE ZERO: writes to memory and frees it, several times; of the memory that
# comes then, some was written to before.
dirty() {
	ask "probe allocator=$1 size=$2 count=32 repeat=4 zero=$3" || cat "$work/answer"
}

# The sizes are of a cache, of large kmalloc, and of a few pages.
for allocator in kmalloc vmalloc kvmalloc pages; do
	problems=
	for size in 100 4096 20000; do
		dirty "$allocator" "$size" no
		dirty "$allocator" "$size" yes
		[ "$(figure totals allocated) $(figure totals came_zeroed)" = "128 128" ] ||
			problems="$problems $size bytes: $(figure totals came_zeroed) of $(figure totals allocated)"
	done
	expect "$allocator: all that was asked for zeroed came zeroed" "" "$problems"
	ask "probe allocator=$allocator size=1000000 count=4 repeat=4 gfp=kernel+zero"
	expect "$allocator: so did a megabyte with gfp=kernel+zero" 16 "$(figure totals came_zeroed)"
done

case $(environment init_on_alloc) in
yes)
	name="all that was not asked for zeroed did so too, by init_on_alloc"
	wanted() { [ "$1" = 128 ]; }
	;;
*)
	name="of what was not asked for zeroed some had been written to"
	wanted() { [ "$1" -lt 128 ]; }
	;;
esac
for allocator in kmalloc vmalloc kvmalloc pages; do
	dirty "$allocator" 4096 no
	zeroed=$(figure totals came_zeroed)
	if wanted "$zeroed"; then
		pass "$allocator: $name"
	else
		fail "$allocator: $name" "$zeroed of 128 came zeroed"
	fi
done

# So that a change of the boot's option is noticed.
expect "init_on_alloc is as the command line says" \
	"$(grep -q init_on_alloc=0 /proc/cmdline && echo no || echo yes)" "$(environment init_on_alloc)"
finish
