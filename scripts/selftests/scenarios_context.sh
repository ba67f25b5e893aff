#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The scenario `context`: each place is the one it is called, what is tried there works, and what
# would be a bug of the caller is not tried.
. "${0%/*}/lib.sh"
plan 9
python scenarios_context.py
finish
