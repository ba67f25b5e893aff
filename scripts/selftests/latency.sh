#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Timing: that figures add up, that presets run, that threads end.
. "${0%/*}/lib.sh"

plan "$(python3 -S -B "$here/latency.py" plan)"
python latency.py
finish
