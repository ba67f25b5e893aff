# SPDX-License-Identifier: GPL-2.0
"""The drawings, in the page itself."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .elements import Html, Section, element, join, section

if TYPE_CHECKING:
    from ..figures.drawing import Drawing


def plots(drawings: Sequence["Drawing"]) -> Section | None:
    """All of them."""
    if not drawings:
        return None
    return section("plots", "Plots", element("div", join(map(plot, drawings)), class_="plots"))


def plot(drawing: "Drawing") -> Html:
    """A drawing with its caption."""
    from ..figures.save import image  # Needs matplotlib, which not everybody has.

    data = base64.b64encode(image(drawing, "svg")).decode()
    width, height = (round(96 * inches) for inches in drawing.figure.get_size_inches())
    picture = Html(
        element(
            "img",
            src=f"data:image/svg+xml;base64,{data}",
            alt=drawing.alt,
            width=str(width),
            height=str(height),
        ).removesuffix("</img>")
    )
    caption = element("figcaption", element("strong", f"{drawing.title}. "), drawing.caption)
    return element("figure", picture, caption, id=f"plot-{drawing.name}")
