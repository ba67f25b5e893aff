#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# scripts/memalloc on the module's files: what it prints, its exit status, and what an interrupt
# does to a run.
. "${0%/*}/lib.sh"
skip_if_scaled_down
plan 22
python cli.py
finish
