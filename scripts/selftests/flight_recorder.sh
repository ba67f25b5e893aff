#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A module of somebody else's that uses the library: the example flight_recorder, built by
# scripts/build-example.
. "${0%/*}/lib.sh"
plan 11

# The group of a writer; without one, that case is skipped.
limited=''
if make_cgroup writer && ! grep -q cgroup.memory=nokmem /proc/cmdline; then
	limited=$group/writer
fi
python flight_recorder.py "$here/../../build/${KERNEL:-stock}/examples/flight_recorder/flight_recorder.ko" "$limited"
remove_cgroup writer
finish
