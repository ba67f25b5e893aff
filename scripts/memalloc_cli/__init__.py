# SPDX-License-Identifier: GPL-2.0
"""The command line of the laboratory: one module for each thing that it does.

interface.py    the files in debugfs: commands in, text out
scenarios.py    what can be run, as the file `scenarios` tells it
results.py      results files, as objects
table.py        results as tables
facts.py        environment and books, for programs
progress.py     how far a run has come
watch.py        activity, shown periodically
choose.py       which allocator for what: the rules
evidence.py     which allocator for what: the measurements
questions.py    which allocator for what: asking the person
recording/      experiments: sets of runs, and all that they depend on
comparing/      what differs between experiments
figures/        experiments as drawings
report/         experiments as HTML
malloc/         malloc of user space, measured in the same way
completion.py   which words may come next, for the shells
words.py        the words that options take
option_types.py what options take besides
options.py      the command line's grammar; experiment_options.py has that of experiments
status.py       exit statuses
main.py         the commands; experiment_commands.py has those about experiments
"""

# As rust_memalloc.rs and dkms.conf have it, which are not there where this is installed.
VERSION = "0.1.0"
