#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Many users at once, and many ways to read: everybody gets their own answer, and all of it.
. "${0%/*}/lib.sh"
plan 17
python concurrency.py

# The same by the shell's own tools.
ask "probe size=100"
whole=$(cat "$lab/report")
size=$(wc -c <"$work/answer")
part=$(dd if="$lab/report" bs=1 skip=7 count=40 2>/dev/null)
expect "dd reads a document in single bytes" "$(head -c 47 "$work/answer" | tail -c 40)" "$part"
expect "dd reads a document in blocks of 7" "$whole" "$(dd if="$lab/report" bs=7 2>/dev/null)"
expect "dd reads nothing behind the end" "" "$(dd if="$lab/report" bs="$size" skip=1 2>/dev/null)"
finish
