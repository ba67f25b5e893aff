# SPDX-License-Identifier: GPL-2.0
"""An experiment as one HTML file, which needs nothing else.

elements.py       elements of HTML, which escape what they are given
page.py           the page
conditions.py     section: the machine, the kernel, and how it was recorded
differences.py    section: what differs from another experiment
allocators.py     section: which allocator for what
claims.py         section: what the guides say
plots.py          section: the drawings
measurements.py   section: the figures
style.css         how it looks, on a screen, on a phone, and on paper
"""
