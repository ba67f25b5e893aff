# SPDX-License-Identifier: GPL-2.0
"""The page: one file, for a screen of any width, and for paper."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..comparing.comparison import Comparison
from ..comparing.estimate import median
from ..recording.experiment import Experiment
from .allocators import allocators
from .claims import answers, claims
from .conditions import machine, recording, warnings
from .differences import differences
from .elements import Html, Section, element, join, moment
from .measurements import measurements
from .plots import plots

if TYPE_CHECKING:
    from ..figures.drawing import Drawing

STYLE = os.path.join(os.path.dirname(__file__), "style.css")
MADE_BY = "Made by rust_memalloc, an allocation laboratory for the Linux kernel."
# Nothing may be fetched from anywhere.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(
    experiment: Experiment,
    drawings: Sequence["Drawing"] = (),
    comparison: Comparison | None = None,
) -> str:
    """The whole file."""
    sections = [
        part
        for part in (
            machine(experiment),
            differences(comparison) if comparison else None,
            allocators(experiment),
            claims(experiment),
            plots(drawings),
            measurements(experiment),
            recording(experiment),
        )
        if part is not None
    ]
    title = f"Memory allocation on Linux {experiment.kernel}"
    header = element(
        "header", element("h1", title), element("p", subtitle(experiment)), notices(experiment)
    )
    body = element(
        "body",
        join(
            (
                element("a", "Skip to the contents", class_="skip", href="#contents"),
                header,
                contents(sections),
                element("main", join(part.html() for part in sections), id="contents"),
                element("footer", element("p", MADE_BY)),
            )
        ),
    )
    return f'<!DOCTYPE html>\n<html lang="en">\n{head(title)}\n{body}\n</html>\n'


def head(title: str) -> Html:
    """What is not shown."""
    with open(STYLE, encoding="utf-8") as file:
        style = file.read()
    return element(
        "head",
        Html('<meta charset="utf-8">\n'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'),
        element("title", title),
        element("style", Html(f"\n{style}")),
    )


def subtitle(experiment: Experiment) -> Html:
    """Where and when."""
    environment = experiment.environment
    parts = (
        experiment.machine,
        environment.get("cpu", {}).get("model"),
        environment.get("hardware", {}).get("virtualisation"),
        moment(experiment.about["started"]),
    )
    return join((part for part in parts if part), " · ")


def notices(experiment: Experiment) -> Html:
    """What stands before everything else: what to beware of, and what came out."""
    beware = [element("p", text, class_="warning") for text in warnings(experiment)]
    return join((*beware, element("ul", join(highlights(experiment)), class_="highlights")))


def highlights(experiment: Experiment) -> Iterator[Html]:
    """Some figures that people ask for first."""
    found = answers(experiment)
    if found:
        total = sum(len(group) for group in found.values())
        wrong = len(found.get("does_not_hold", []))
        yield highlight(f"{wrong} of {total}", "statements of the guides do not hold here")
    for operation in ("allocate", "free"):
        medians = {via: typical(experiment, via, operation) for via in ("library", "c")}
        if medians["library"] is not None:
            beside = f" ({medians['c']:g} ns through C)" if medians["c"] is not None else ""
            words = f"to {operation} 64 bytes of kmalloc, median through the library{beside}"
            yield highlight(f"{medians['library']:g} ns", words)
    if run := experiment.first("classes"):
        classes = run.of_kind("class")
        yield highlight(str(len(classes)), "sizes that kmalloc really has")


def typical(experiment: Experiment, via: str, operation: str) -> float | None:
    """The median time of kmalloc of 64 bytes."""
    values = [
        record["p50_ns"]
        for record in experiment.records("latency", "latency")
        if (record["allocator"], record["via"], record["operation"]) == ("kmalloc", via, operation)
        and record["size_bytes"] == 64
        and record["p50_ns"] is not None
    ]
    return median(values) if values else None


def highlight(figure: str, words: str) -> Html:
    """A figure, and what it says."""
    return element("li", element("strong", figure), " ", words)


def contents(sections: Sequence[Section]) -> Html:
    """What there is."""
    links = [
        element("li", element("a", one.heading, href=f"#{one.identifier}")) for one in sections
    ]
    return element("nav", element("ul", join(links)), aria_label="Contents")
