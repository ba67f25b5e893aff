# SPDX-License-Identifier: GPL-2.0
"""Drawings of an experiment, with matplotlib: one file for each.

style.py           colours, marks and lines; for a screen, for paper, and for all eyes
drawing.py         what a drawing is
staircase.py       what is usable of what was asked for
waste.py           what is wasted
distribution.py    how latencies are distributed
by_size.py         latency against the size
scaling.py         the cost on many CPUs
fragmentation.py   what is to be had when memory lies in pieces
save.py            PNG and SVG files
cache.py           where matplotlib may write
"""

from .cache import make_room

make_room()
