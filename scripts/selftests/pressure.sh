#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Little memory: a memory cgroup at its limit, and the OOM killer about.
. "${0%/*}/lib.sh"

in_group=$(python3 -S -B "$here/pressure.py" none --count)
plan $((in_group + 2))

group=$work/cgroup
mkdir "$group"
if grep -q cgroup.memory=nokmem /proc/cmdline || ! mount -t cgroup2 none "$group" ||
	! echo +memory >"$group/cgroup.subtree_control" || ! mkdir "$group/limited"; then
	while [ "$skipped" -lt "$in_group" ]; do
		skip "over a cgroup's limit" "no memory cgroup can be made"
	done
else
	echo $((8 << 20)) >"$group/limited/memory.max"
	python pressure.py "$group/limited"
fi
rmdir "$group/limited" 2>/dev/null || true
umount "$group" 2>/dev/null || true

# What fills the memory is killed, perhaps a writer too, but not the tests.
for process in $$ $PPID; do
	echo -999 >"/proc/$process/oom_score_adj"
done
echo "selftest $test_name expects 'Out of memory: Killed process '" >/dev/kmsg
python pressure.py oom
echo "selftest $test_name expects nothing" >/dev/kmsg
finish
