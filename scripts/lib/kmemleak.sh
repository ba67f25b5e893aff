# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Looking for leaks in the guest, for scripts/guest/run and scripts/selftests/run.

# leaks: has the kernel look for memory that nothing points to, which it logs, and prints what it found. It
# counts what is older than five seconds, and was the same in the scan before.
leaks() {
	kmemleak=/sys/kernel/debug/kmemleak
	[ -e "$kmemleak" ] || return 0
	echo scan >"$kmemleak"
	sleep 5
	echo scan >"$kmemleak"
	cat "$kmemleak"
}
