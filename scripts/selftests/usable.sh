#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usable sizes, compared with what slab, the page allocator and vmalloc say of themselves.
. "${0%/*}/lib.sh"
plan 13
python usable.py
finish
