#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# CPUs go and come while runs are under way.
. "${0%/*}/lib.sh"
plan 4
python hotplug.py
finish
