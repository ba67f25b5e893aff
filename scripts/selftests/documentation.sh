#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the documentation says of the module's files, scenarios and parameters, compared with the
# module that is loaded. What commands print, scripts/docs-outputs compares.
. "${0%/*}/lib.sh"
skip_if_scaled_down
plan 5
python documentation.py
finish
