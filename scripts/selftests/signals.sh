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

# Shells repeat a write that was interrupted, if told so by the errno.
run_by() {
	before=$(figure begin run)
	# shellcheck disable=SC2016 # the shell under test expands it
	"$1" -c 'trap : TERM; echo "probe repeat=1000000000" >"$1"' "$1" "$lab/run" 2>/dev/null &
	shell=$!
	# Until it runs, and then until it has ended, and the shell had the time to write once more.
	await grep -q '^run ' "$lab/progress"
	kill -TERM "$shell"
	await ended_after "$before"
	sleep 1
	expect "$1: echo does not run it again" \
		"$((before + 1)) cancelled 0" "$(figure begin run) $(figure end status) $(figure end outstanding)"
	kill -KILL "$shell" 2>/dev/null
	wait "$shell"
}
ask probe
run_by dash
run_by bash

reload timeout_ms=300
python signals.py timeout
finish
