#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs that are ended by a signal or by timeout_ms: the right errno, run once, nothing left.
. "${0%/*}/lib.sh"
plan 18
python signals.py signals

# ended_after RUN: whether a later run has ended.
ended_after() {
	[ "$(figure begin run)" != "$1" ]
}

# has_written: whether the shell has ended, or runs once more.
has_written() {
	! grep -qs '^State:[[:space:]]*[^Z]' "/proc/$shell/status" || grep -q '^run ' "$lab/progress"
}

# Shells repeat a write that was interrupted, if told so by the errno.
run_by() {
	before=$(figure begin run)
	# shellcheck disable=SC2016 # the shell under test expands it
	"$1" -c 'trap : TERM; echo "probe repeat=1000000000" >"$1"' "$1" "$lab/run" 2>/dev/null &
	shell=$!
	# Until it runs, and then until it has ended, and the shell too, unless it has written once more.
	await grep -q '^run ' "$lab/progress"
	kill -TERM "$shell"
	await ended_after "$before"
	await has_written
	expect "$1: echo does not run it again" "$((before + 1)) cancelled 0 idle" \
		"$(figure begin run) $(figure end status) $(figure end outstanding) $(sed -n 1p "$lab/progress")"
	kill -KILL "$shell" 2>/dev/null
	wait "$shell"
}
ask probe
run_by dash
run_by bash

reload timeout_ms=300
python signals.py timeout
finish
