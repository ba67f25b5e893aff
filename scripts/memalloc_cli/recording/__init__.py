# SPDX-License-Identifier: GPL-2.0
"""Recording experiments, and reading them again.

plan.py            what is run, how often, in which order
record.py          runs it, and keeps what comes
experiment.py      the folder that it is kept in
machine.py         what results depend on: the machine and its settings
kernel_config.py   the same: the kernel's configuration
tree.py            the same: the sources
conditions.py      in which of these two experiments differ
"""
