#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The verdict on each claim of the two guides, against a table that says which one is right here,
# and what the verdicts rest on, against other witnesses.
. "${0%/*}/lib.sh"

table=$here/claims.txt
plan $(($(grep -c '^[a-z0-9-]* [a-z_|]*: ' "$table") + 8))
python claims.py "$table"
finish
