# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Messages, steps that take long, and the places everything else refers to.

repo=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# Where things are once inside the root filesystem: fixed, so that no path of this
# machine gets into what is built.
inner_repo=/src/rust_memalloc
inner_source=/usr/src/memalloc/source
inner_build=/usr/src/memalloc/build
inner_vm=/vm

say() {
	printf '%s\n' "$*" >&2
}

# The status with which die ends the script; scripts/vm has another one.
die_status=1

# die MESSAGE [LINE…]: what went wrong, then what to do about it.
die() {
	local line
	say "${0##*/}: error: $1"
	shift
	for line in "$@"; do
		say "  $line"
	done
	exit "$die_status"
}

# need OPTION COUNT: of the arguments that are left, COUNT, one is the option's value.
need() {
	[ "$2" -gt 1 ] || die "$1 needs a value" "see scripts/${0##*/} --help"
}

# step NUMBER TEXT COMMAND…: announces a long step, runs it, and says how long it took.
step() {
	local number=$1 text=$2 start=$SECONDS
	shift 2
	say "[$number/$steps] $text …"
	"$@"
	say "[$number/$steps] $text: $((SECONDS - start)) s"
}

# logged LOG COMMAND…: keeps the output in LOG and shows its end if the command fails.
logged() {
	local log=$1
	shift
	"$@" >>"$log" 2>&1 || {
		local status=$?
		say "---- the last lines of the log:"
		tail -n 40 "$log" >&2
		say "----"
		return "$status"
	}
}

# ktap_skip NAME REASON: all that a script tells which cannot observe anything on this kernel.
ktap_skip() {
	printf '%s\n' "KTAP version 1" "1..1" "ok 1 - $1 # SKIP $2"
}
