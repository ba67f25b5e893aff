# SPDX-License-Identifier: GPL-2.0
"""The parts of the documentation that programs write.

blocks.py       commands and their outputs in a page: finding them, and writing them anew
code.py         Rust code in a page, which has to compile
normal.py       what of an output must not differ from one run to the next
guest.py        runs in the machine: commands, and what the module says of itself
pages.py        pages that are made, of which each has a file:
                scenarios.py, records.py, claims.py, command_line.py
rst.py          reStructuredText
worked.py       the worked examples of CONTRIBUTING.rst, which have to work
plan.py         what is to be run, and what became of it
main.py         plans, writes and compares
"""
