# SPDX-License-Identifier: GPL-2.0
"""malloc of user space, measured as the laboratory measures the kernel's allocators.

scenario.py   parameters and records
series.py     equal allocations, before and after they are touched
libc.py       the C library's functions, and how long they take
pagemap.py    the page frames behind memory
text.py       tables for people
process.py    a process for each run
"""
