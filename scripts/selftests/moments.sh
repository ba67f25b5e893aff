#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Signals to writers, and rmmod, at random moments.
. "${0%/*}/lib.sh"
plan 5
python moments.py
finish
