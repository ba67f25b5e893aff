#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Experiments of scripts/memalloc: recorded, repeated, compared, interrupted.
. "${0%/*}/lib.sh"
skip_if_scaled_down
plan 13
python record.py
finish
