# SPDX-License-Identifier: GPL-2.0
"""What the guides say, and what this kernel does."""

from typing import NamedTuple

from ..recording.experiment import Experiment
from ..results import Record
from .elements import Html, Section, details, element, join, paragraph, section


class Verdict(NamedTuple):
    """What became of claims: a mark, a heading, and the words after a number of them."""

    mark: str
    heading: str
    words: str


# The most surprising first.
VERDICTS = {
    "does_not_hold": Verdict("✗", "Does not hold here", "do not hold here"),
    "depends": Verdict("±", "Depends", "depend on something"),
    "not_measured": Verdict("?", "Not measured", "could not be measured"),
    "holds": Verdict("✓", "Holds", "hold"),
}


def claims(experiment: Experiment) -> Section | None:
    """The answers, by verdict."""
    found = answers(experiment)
    if not found:
        return None
    counts = {verdict: len(group) for verdict, group in found.items()}
    total = sum(counts.values())
    parts = ", ".join(
        f"{counts[name]} {verdict.words}" for name, verdict in VERDICTS.items() if name in counts
    )
    return section(
        "claims",
        "What two guides say, and what this kernel does",
        paragraph(f"{total} statements of two well-known guides, measured: {parts}."),
        join(group(verdict, found[verdict]) for verdict in VERDICTS if verdict in found),
    )


def answers(experiment: Experiment) -> dict[str, list[Record]]:
    """The claims of the first run, each with the verdict that most runs gave."""
    first = experiment.first("claims")
    if first is None:
        return {}
    verdicts: dict[str, list[str]] = {}
    for record in experiment.records("claims", "claim"):
        verdicts.setdefault(record["id"], []).append(record["verdict"])
    found: dict[str, list[Record]] = {}
    for record in first.of_kind("claim"):
        given = verdicts[record["id"]]
        usual = max(sorted(set(given)), key=given.count)
        agreed = f"{given.count(usual)} of {len(given)} runs" if len(set(given)) > 1 else ""
        found.setdefault(usual, []).append({**record, "agreed": agreed})
    return found


def group(verdict: str, records: list[Record]) -> Html:
    """The claims with a verdict."""
    known = VERDICTS[verdict]
    mark = element("span", known.mark, class_="mark", aria_hidden="true")
    heading = element("h3", mark, f" {known.heading} ({len(records)})")
    answers = element("ul", join(map(claim, records)))
    # What is as everybody thinks need not be read by everybody.
    if verdict == "holds":
        return details(heading, answers, class_=verdict)
    return element("div", heading, answers, class_=verdict)


def claim(record: Record) -> Html:
    """A claim and its answer."""
    parts = [
        element("p", record["claim"], class_="says"),
        element("p", element("span", "Measured: ", class_="label"), record["measured"]),
    ]
    if record["depends_on"]:
        parts.append(
            element("p", element("span", "It depends on ", class_="label"), record["depends_on"])
        )
    source = record["guide"] + (f"; {record['agreed']}" if record["agreed"] else "")
    parts.append(element("p", f"{source} · ", element("code", record["id"]), class_="source"))
    return element("li", *parts)
