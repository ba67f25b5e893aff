#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A table of bad commands: each gets an errno and its reason, and changes nothing.
. "${0%/*}/lib.sh"

# rows FILE: the number of them.
rows() {
	grep -c '^[A-Z]' "$1"
}

table=$here/bad_commands.txt unlimited=$here/bad_commands_unlimited.txt
plan $(($(rows "$table") + $(rows "$unlimited") + 6))
python bad_commands.py "$table"
reload max_live_bytes=18446744073709551615
python bad_commands.py "$unlimited"
reload
python bad_commands.py
finish
