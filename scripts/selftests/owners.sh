#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every allocator under every base flag: allocated, filled to the last byte, read back, freed,
# and booked.
. "${0%/*}/lib.sh"
plan 30
python owners.py
finish
