# SPDX-License-Identifier: GPL-2.0
"""What differs from another experiment, which was made before."""

from ..comparing.comparison import Compared, Comparison, Verdict
from ..comparing.text import Part, parts
from .elements import Content, Section, details, element, join, paragraph, section, table


def is_called(one: Compared) -> bool:
    """Whether there is something to say about it."""
    return one.verdict is not Verdict.SAME


def differences(comparison: Comparison) -> Section:
    """What is called different, and, folded in, all of the figures."""
    whole = list(parts(comparison, lambda _: True))
    called = [part for part in parts(comparison, is_called) if part.heading == "Operations"]
    content: list[Content] = []
    for part in whole:
        if part.heading == "Operations":
            content += [written(one) for one in called]
            content.append(details("All operations", written(part)))
        else:
            content.append(written(part))
    name = comparison.sides[0].name
    return section("differences", f"What differs from {name}", *content)


def written(part: Part) -> Content:
    """A part of the comparison, as it is told elsewhere."""
    sentences = [paragraph(sentence) for sentence in part.sentences]
    rows = (table(part.heading, part.rows, class_="unseen"),) if part.rows else ()
    return join((element("h3", part.heading), *rows, *sentences))
