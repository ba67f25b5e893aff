#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Physical contiguity: what is promised, what the figures must have in common, and, with
# addresses shown, what /proc/kcore says of the same memory.
. "${0%/*}/lib.sh"
plan 9
python contiguity.py invariants
reload show_addresses=1
python contiguity.py addresses
finish
