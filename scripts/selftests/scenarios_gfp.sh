#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The scenario `gfp`: what it says it observed, against the command line, /proc/zoneinfo, slabinfo
# and a memory cgroup.
. "${0%/*}/lib.sh"
plan 8

# rows FLAG: allocator, without, with, verdict of each of its rows.
rows() {
	sed -n "s/.*\"flag\":\"$1\".*\"allocator\":\"\{0,1\}\([a-z]*\)\"\{0,1\},\"without\":\([^,]*\),.*\"with\":\([^,]*\),\"with_of\":[0-9]*,\"verdict\":\"\([^\"]*\)\".*/\1 \2 \3 \4/p" \
		"$lab/results"
}

ask gfp || cat "$work/answer"
# seen ALLOCATOR: whether the boot options let the flag make a difference. What slab_debug poisons,
# init_on_alloc does not zero.
seen() {
	case $(environment init_on_alloc),$1 in
	no,*) echo observed ;;
	*,kmalloc | *,kvmalloc)
		grep -q 'slab_debug=[A-Z]*P' /proc/cmdline && echo observed || echo "not observed"
		;;
	*) echo "not observed" ;;
	esac
}
problems=$(rows zero | while read -r allocator without with verdict; do
	[ "$verdict" = "$(seen "$allocator")" ] || echo "$allocator: $verdict"
	[ "$with" = 128 ] || echo "$allocator: $with of 128 came zeroed with the flag"
	case $verdict in
	observed) [ "$without" -lt 128 ] ;;
	*) [ "$without" = 128 ] ;;
	esac || echo "$allocator: $verdict, but $without of 128 came zeroed without the flag"
done)
expect "zero: observed where the boot options let it be" "" "$problems"
expect "zero: a row for each allocator" "kmalloc vmalloc kvmalloc pages" \
	"$(rows zero | cut -d ' ' -f 1 | paste -s -d ' ')"

expected="0 observed"
! grep -q cgroup.memory=nokmem /proc/cmdline || expected="64 not observed"
expect "account: objects share no page with plain ones, unless nokmem says so" "$expected" \
	"$(rows account | sed -n '1s/^[a-z]* [0-9]* //p')"

# While such objects are held, slabinfo has them in the accounted cache.
name="account: slabinfo has accounted objects in kmalloc-cg-64"
objects() {
	awk -v name="$1" '$1 == name { print $2 }' /proc/slabinfo
}
if [ "$expected" != "0 observed" ] || [ -z "$(objects kmalloc-cg-64)" ]; then
	skip "$name" "this kernel has no such cache in use"
else
	before=$(objects kmalloc-cg-64)
	echo "alloc name=gfp size=64 count=2000 gfp=kernel+account" >"$lab/held"
	held=$(($(objects kmalloc-cg-64) - before))
	echo "free name=gfp" >"$lab/held"
	if [ "$held" -ge 1500 ]; then
		pass "$name"
	else
		fail "$name" "expected 2000 objects more, got $held"
	fi
fi

# Charges show in a cgroup that is not the root.
if ! make_cgroup gfp; then
	skip "account: in a cgroup all pages are charged" "no memory cgroup can be made"
	skip "account: the cgroup's own books agree" "no memory cgroup can be made"
else
	sh -c 'echo $$ >"$1/gfp/cgroup.procs" && echo gfp >"$2/run"' sh "$group" "$lab"
	expected=$(printf '%s 0 32 observed\n' kmalloc vmalloc pages)
	! grep -q cgroup.memory=nokmem /proc/cmdline ||
		expected=$(printf '%s 0 0 not observed\n' kmalloc vmalloc pages)
	expect "account: in a cgroup all pages are charged" "$expected" "$(rows account | tail -n 3)"

	# 8 MiB of pages, held by a member of the cgroup.
	kernel() {
		sed -n 's/^kernel //p' "$group/gfp/memory.stat"
	}
	before=$(kernel)
	sh -c 'echo $$ >"$1/gfp/cgroup.procs" &&
		echo "alloc name=gfp allocator=pages size=1M count=8 gfp=kernel+account" >"$2/held"' \
		sh "$group" "$lab"
	grown=$(($(kernel) - before))
	echo "free name=gfp" >"$lab/held"
	# What was charged for those that have gone may go meanwhile, and the kernel sums up what each CPU has
	# counted only now and then.
	least=$((7 << 20))
	! grep -q cgroup.memory=nokmem /proc/cmdline || least=-1048576
	if [ "$grown" -ge "$least" ]; then
		pass "account: the cgroup's own books agree"
	else
		fail "account: the cgroup's own books agree" "expected 8388608 bytes more, got $grown"
	fi
fi
remove_cgroup gfp

# A base mask without a zone takes the highest populated zone that is not movable.
ask gfp || cat "$work/answer"
node=$(figure mask node | head -n 1)
highest=$(awk -v node="$node," '/^Node/ { here = ($2 == node); zone = $4 }
	here && $1 == "managed" && $2 > 0 && zone != "Movable" { highest = zone }
	END { print highest }' /proc/zoneinfo)
expect "every base mask takes the highest zone, which /proc/zoneinfo says is $highest" \
	"$highest" "$(figure mask zone | sort -u)"

# Whatever it cannot observe it says so of.
expect "nowarn, atomic, noio and nofs are not claimed to be observed" "not observed" \
	"$(sed -n 's/.*"flag":"\(nowarn\|atomic\|noio, nofs\)".*"verdict":"\([^"]*\)".*/\2/p' \
		"$lab/results" | sort -u)"
finish
