#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Who may do what with the files, as Documentation/access.rst has it; and what is left of that when the
# kernel is locked down, which it stays: so this is a machine's last test.
. "${0%/*}/lib.sh"
plan 11

# as OPTION… COMMAND…: as a user who has the rights that the options give, and no other.
as() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# with CAPABILITY COMMAND…
with() {
	with_capability=$1
	shift
	as --inh-caps="+$with_capability" --ambient-caps="+$with_capability" "$@"
}

# access [COMMAND…]: what can be done with each file by a process that COMMAND starts.
access() {
	"$@" python3 -S -B "$here/access.py" tries
}

# who NAME: what it should be.
who() {
	python3 -S -B "$here/access.py" "$1"
}

expect "root reads all, and commands two" "$(who root)" "$(access)"
expect "an unprivileged user can do nothing" "$(who nobody)" "$(access as)"
expect "nor can root of a user namespace" "$(who nobody)" "$(access as unshare --user --map-root-user)"
expect "nor can who has CAP_SYS_ADMIN only" "$(who nobody)" "$(access with sys_admin)"
expect "CAP_DAC_READ_SEARCH lets one read all" "$(who reader)" "$(access with dac_read_search)"
expect "CAP_DAC_OVERRIDE lets one do what root does" "$(who root)" "$(access with dac_override)"

# The module's parameters decide what scenarios may do.
expect "but not load the module" "Operation not permitted" "$(
	rmmod rust_memalloc
	with dac_override insmod "$module" allow_misuse=1 2>&1 | sed 's/.*: //'
	reload
)"
expect "nor change its parameters, which nobody can" "" \
	"$(find /sys/module/rust_memalloc/parameters -type f 2>/dev/null)"

exec 4<>"$lab/run"
expect "who gets an open descriptor may use it" "complete" \
	"$(as sh -c 'echo probe size=100 >&4 && cat <&4' | sed -n 's/^\(complete\):.*/\1/p')"

# For good, so not on a machine that somebody needs.
lock_down() {
	[ -e /vm/module ] || return
	mountpoint -q /sys/kernel/security ||
		mount -t securityfs securityfs /sys/kernel/security || return
	echo integrity >/sys/kernel/security/lockdown
}

if lock_down 2>/dev/null; then
	expect "a kernel that is locked down lets root read what is read-only" "$(who locked)" "$(access)"
	expect "and use what was opened before" "complete" \
		"$(echo probe size=100 >&4 && sed -n 's/^\(complete\):.*/\1/p' <&4)"
else
	skip "a kernel that is locked down lets root read what is read-only" "this one cannot be"
	skip "and use what was opened before" "this one cannot be locked down"
fi
exec 4>&-
finish
