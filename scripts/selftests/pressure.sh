#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Little memory: a memory cgroup at its limit, and the OOM killer about.
. "${0%/*}/lib.sh"

in_group=$(python3 -S -B "$here/pressure.py" none --count)
plan $((in_group + 2))

if ! make_cgroup limited || grep -q cgroup.memory=nokmem /proc/cmdline; then
	while [ "$skipped" -lt "$in_group" ]; do
		skip "over a cgroup's limit" "no memory cgroup can be made"
	done
else
	echo $((8 << 20)) >"$group/limited/memory.max"
	python pressure.py "$group/limited"
fi
remove_cgroup limited

# What fills the memory is killed, perhaps a writer too, but neither the tests nor who waits for them.
spared=''
process=$$
while [ "$process" -gt 1 ]; do
	spared="$spared $process:$(cat "/proc/$process/oom_score_adj")"
	echo -999 >"/proc/$process/oom_score_adj"
	process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status")
done
# Who is killed may meanwhile want a page more, and complain that there is none.
log_may_say "Out of memory: Killed process " ": page allocation failure: order:0"
python pressure.py oom
log_may_say
for process in $spared; do
	echo "${process#*:}" >"/proc/${process%:*}/oom_score_adj"
done
finish
