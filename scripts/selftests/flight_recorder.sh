#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A module of somebody else's that uses the library: the example flight_recorder, built by
# scripts/build-example.
. "${0%/*}/lib.sh"
plan 10
python flight_recorder.py "$here/../../build/${KERNEL:-stock}/examples/flight_recorder/flight_recorder.ko"
finish
