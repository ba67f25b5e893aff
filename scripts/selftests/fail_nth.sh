#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once, wherever the module allocates.
. "${0%/*}/lib.sh"

faults=/sys/kernel/debug/failslab
if [ ! -d "$faults" ]; then
	plan 1
	skip "every allocation fails once" "this kernel injects no faults (CONFIG_FAILSLAB)"
	finish
fi
plan "$(python3 -S -B "$here/fail_nth.py" --count)"
# As they are, they let what may sleep, the single page, and what may lie anywhere alone.
for name in failslab/ignore-gfp-wait fail_page_alloc/ignore-gfp-wait fail_page_alloc/ignore-gfp-highmem; do
	echo N >"/sys/kernel/debug/$name"
done
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
python fail_nth.py
finish
