# SPDX-License-Identifier: GPL-2.0
"""The page of claims, made from what the scenario `claims` has found."""

import json
import re
from typing import Any

from .rst import COMMENT, heading, plain, table, title

VERDICTS = {
    "does_not_hold": "What does not hold",
    "depends": "What depends",
    "holds": "What holds",
    "not_measured": "What was not measured",
}
# Lines of the page that differ from run to run, or from kernel to kernel.
FIGURES = re.compile(r"^( +:measured: ).*|^(Measured on ).*", re.MULTILINE)

INTRODUCTION = """\
Two guides to the kernel's allocators are widely read: the driver guide and the comparison guide.
The scenario :ref:`claims <scenario-claims>` holds each of their statements against the running
kernel, as far as a module can measure it. :doc:`guides` names them, and tells in words what has
become of their statements.
"""


def claim_text(claim: dict[str, Any]) -> str:
    """A statement, and what became of it."""
    lines = [
        f"``{claim['id']}``",
        f"   :says: {plain(claim['claim'])} *({claim['guide']})*",
        f"   :measured: {plain(claim['measured'])}",
    ]
    if claim["depends_on"]:
        lines.append(f"   :depends on: {plain(claim['depends_on'])}")
    return "\n".join(lines) + "\n"


def page(facts: dict[str, Any]) -> str:
    """All claims, by verdict."""
    records = [json.loads(line) for line in facts["results"]["claims"]]
    claims = [record for record in records if record["kind"] == "claim"]
    rows = [
        [words, str(len([one for one in claims if one["verdict"] == verdict]))]
        for verdict, words in VERDICTS.items()
    ]
    parts = [
        COMMENT,
        title("Claims of the two guides"),
        INTRODUCTION,
        f"Measured on {facts['kernel']}.\n",
        table(["Verdict", "Claims"], [80, 20], rows),
    ]
    for verdict, words in VERDICTS.items():
        found = [claim_text(one) for one in claims if one["verdict"] == verdict]
        if found:
            parts += [heading(words), *found]
    return "\n".join(parts)


def without_figures(text: str) -> str:
    """What of the page must not differ from run to run."""
    return FIGURES.sub(r"\1\2", text)
