#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One run of ten million operations.
. "${0%/*}/lib.sh"
plan 1
# A day.
reload timeout_ms=86400000
python endurance.py
finish
