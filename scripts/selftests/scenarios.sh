#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What scenarios answer, compared with what the kernel says elsewhere.
. "${0%/*}/lib.sh"
plan 13
python scenarios.py
finish
