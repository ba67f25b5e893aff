#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What scenarios answer, compared with what the kernel says elsewhere.
. "${0%/*}/lib.sh"
plan 18
# Some fill all that may be filled.
! is_scaled_down || reload max_live_bytes=134217728 timeout_ms=300000
python scenarios.py
finish
