# SPDX-License-Identifier: GPL-2.0
"""What a drawing is."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from ..recording.experiment import Experiment


class Drawing(NamedTuple):
    """A figure, and what belongs to it."""

    # The name of its files.
    name: str
    title: str
    # How to read it.
    caption: str
    # What it shows, for those who do not see it.
    alt: str
    figure: Figure


# Draws what an experiment has of a subject, which may be nothing, or several drawings.
Draw = Callable[[Experiment], list[Drawing]]
