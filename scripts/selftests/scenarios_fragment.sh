#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The scenario `fragment`: what it says of small pieces, against /proc/buddyinfo while it runs; and
# all is well after it.
. "${0%/*}/lib.sh"
plan 8
python scenarios_fragment.py
finish
