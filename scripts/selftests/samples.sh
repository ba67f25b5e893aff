#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Each sample, in C and in Rust, does what it says, many times over, and leaves nothing behind.
. "${0%/*}/lib.sh"

samples=$here/../../build/${KERNEL:-stock}/samples
begin="selftest $test_name: $samples, $$"

# How often a sample repeats what it is about. What is then missing, if each time something is lost, is
# far more than others take meanwhile, of whom the insertion of a module takes most.
tolerance_kib=8000 tolerance_objects=150
repeat_of() {
	case $1 in
	sizes) echo 200 ;; # the least of it are 64 KiB, or an object
	pages) echo 4000 ;;
	*) echo 1000 ;;
	esac
}
# KASAN holds back what was freed, and that counts as allocated. There kmemleak looks for what is lost,
# when the machine ends (scripts/guest/run).
is_counted=true
if grep -qw kasan_quarantine_put /proc/kallsyms; then
	is_counted=false
	repeat_of() {
		echo 20
	}
fi

# count FILE: what is allocated, a name and a number a line. What vfree() leaves for later (vmap_area)
# is no loss; the memory itself is counted as VmallocUsed.
count() {
	{
		awk '$2 ~ /^[0-9]+$/ && $1 !~ /^vmap_area/ { print "objects:" $1, $2 }' /proc/slabinfo
		awk '$1 == "MemAvailable:" { print "kib:used", -$2 }
			$1 == "VmallocUsed:" { print "kib:vmalloc", $2 }' /proc/meminfo
	} | sort >"$1"
}

# lost: what there is more of than before, one a line.
lost() {
	count "$work/after"
	join "$work/before" "$work/after" | awk -v kib="$tolerance_kib" -v objects="$tolerance_objects" '
		$3 - $2 > ($1 ~ /^kib:/ ? kib : objects) { print $3 - $2 " more " $1 }'
}

# said MODULE: what it logged since this test began.
said() {
	dmesg | sed "1,\|$begin|d" | sed -n "s/^.*\] $1: //p" |
		grep -v "loading out-of-tree module\|module verification failed"
}

# expected SAMPLE FORM
expected() {
	sed -n "s/^$1 | [a-z ]*\<$2\>[a-z ]* | //p" "$here/samples.txt"
}

# one SAMPLE FORM
one() {
	module_name=sample_$1_$2 times=$(repeat_of "$1")
	count "$work/before"
	insmod "$samples/$module_name.ko" repeat="$times" 2>"$work/message"
	[ ! -d "/sys/module/$module_name" ] || rmmod "$module_name" 2>>"$work/message"
	expect "$1 in $2: it says what it should" "$(expected "$1" "$2")" \
		"$(cat "$work/message")$(said "$module_name")"
	if $is_counted; then
		expect "$1 in $2: nothing is lost in $times times" "" "$(lost_for_good lost)"
	else
		skip "$1 in $2: nothing is lost" "KASAN holds back what was freed"
	fi
}

# refused MODULE PARAMETER: what insmod says, and then the module.
refused() {
	! insmod "$samples/$1.ko" "$2" 2>"$work/message" || rmmod "$1"
	echo "$(sed 's/.*: //' "$work/message"): $(said "$1" | tail -n 1)"
}

names=$(sed -n 's/^\([a-z]*\) | .*/\1/p' "$here/samples.txt" | uniq)
plan $(($(echo "$names" | wc -w) * 4 + 3))
echo "$begin" >/dev/kmsg
for name in $names; do
	one "$name" c
	one "$name" rust
done

for form in c rust; do
	expect "arrays in $form: an array without elements is refused" \
		"Invalid parameters: elements=0: give at least 1" "$(refused "sample_arrays_$form" elements=0)"
done
expect "these are all samples" "$(sed -n 's/^samples := //p' "$here/../../samples/Kbuild")" \
	"$(echo "$names" | xargs)"
finish
