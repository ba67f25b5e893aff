# SPDX-License-Identifier: GPL-2.0
"""Drawings as files."""

import io
import os
from collections.abc import Iterator

import matplotlib

from ..recording.experiment import Experiment
from . import by_size, distribution, fragmentation, scaling, staircase, style, waste
from .drawing import Draw, Drawing

SUBJECTS: tuple[Draw, ...] = (
    staircase.draw,
    waste.draw,
    by_size.draw,
    distribution.draw,
    scaling.draw,
    fragmentation.draw,
)
DOTS_PER_INCH = 200
FORMATS = ("svg", "png")
# What says nothing but when it was drawn, and by which version.
UNSAID = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def draw_all(experiment: Experiment) -> list[Drawing]:
    """All that there is to draw."""
    with matplotlib.rc_context(style.SETTINGS):
        return [drawing for draw in SUBJECTS for drawing in draw(experiment)]


def image(drawing: Drawing, form: str) -> bytes:
    """A drawing in one of the formats."""
    file = io.BytesIO()
    with matplotlib.rc_context(style.SETTINGS):
        drawing.figure.savefig(file, format=form, dpi=DOTS_PER_INCH, metadata=UNSAID[form])
    return file.getvalue()


def save(drawings: list[Drawing], folder: str) -> Iterator[str]:
    """Writes all of them, in all formats, and tells the files."""
    os.makedirs(folder, exist_ok=True)
    for drawing in drawings:
        for form in FORMATS:
            path = os.path.join(folder, f"{drawing.name}.{form}")
            with open(path, "wb") as file:
                file.write(image(drawing, form))
            yield path
