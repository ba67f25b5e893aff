#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Many processes use everything at once.
. "${0%/*}/lib.sh"
plan 1
python crowd.py
finish
