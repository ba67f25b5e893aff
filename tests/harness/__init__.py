# SPDX-License-Identifier: GPL-2.0
"""Tests of the harness that need no virtual machine.

python3 -m unittest discover -t . -s tests/harness
"""
