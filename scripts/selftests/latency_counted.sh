#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Latency on a machine that counts instructions (scripts/vm --icount).
. "${0%/*}/lib.sh"

plan 4
python latency_counted.py
finish
