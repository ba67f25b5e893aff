#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Recordings and their comparison, on a machine that counts instructions (scripts/vm --icount).
. "${0%/*}/lib.sh"

plan 2
python compare_counted.py "$work"
finish
