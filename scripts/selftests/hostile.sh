#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Hostile use of all files at once: open flags, offsets, lengths, splits, bad pointers, descriptors that
# are shared, and commands with extreme values. Nothing breaks, nothing is lost, no address gets out.
#
# HOSTILE_CASES says how many, HOSTILE_SEED which.
. "${0%/*}/lib.sh"
plan 6

# Runs end soon, and memory does not matter.
reload timeout_ms=20 max_live_bytes=33554432
python hostile.py
finish
