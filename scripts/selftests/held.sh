#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Memory that is held under a name, seen from outside; and the progress of a run.
. "${0%/*}/lib.sh"
plan 10
python held.py

reload
echo "alloc name=left allocator=vmalloc size=5M" >"$lab/held"
echo "alloc name=over size=100 count=1000" >"$lab/held"
rmmod rust_memalloc
expect "unloading frees what is held" "" "$(grep ' 5246976 ' /proc/vmallocinfo | grep -v unpurged)"
insmod "$module"
finish
