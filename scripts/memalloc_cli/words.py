# SPDX-License-Identifier: GPL-2.0
"""The words and numbers that options take, where the grammar and the work have to agree."""

# Rounds of a recording: so many samples tell one difference from chance among some hundred
# comparisons.
REPEAT = 10

# What a recording runs: all that a comparison needs, or what takes seconds.
FULL, QUICK = "full", "quick"
SETS = (FULL, QUICK)

# By what the sides of a comparison differ.
FOLDER, KERNEL, MACHINE, CONFIG = "folder", "kernel", "machine", "config"
BY = (FOLDER, KERNEL, MACHINE, CONFIG)

# What counts as a sample: a run, or a whole recording, where there are several on each side.
AUTO, RUN, RECORDING = "auto", "run", "recording"
UNITS = (AUTO, RUN, RECORDING)

# Of a distribution, which figure stands for it.
FIGURES = ("min", "mean", "p50", "p90", "p99", "p999", "max")
FIGURE = "p50"

# Smaller changes are not called any.
LEAST_PERCENT = 1.0

# What a comparison is written as.
TEXT, MARKDOWN, CSV, JSON = "text", "markdown", "csv", "json"
FORMATS = (TEXT, MARKDOWN, CSV, JSON)
