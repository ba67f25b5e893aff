# SPDX-License-Identifier: GPL-2.0
"""Comparing experiments.

samples.py      from records to samples of operations
answers.py      what records say in words
sides.py        what is compared with what
apart.py        why nothing can be compared
estimate.py     medians and their intervals
chance.py       what chance has to do with it
comparison.py   what got worse, and what got better
text.py         for people
data.py         for programs
"""
