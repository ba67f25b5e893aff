# SPDX-License-Identifier: GPL-2.0
"""All pages that are made from what the module, and the command line, say of themselves."""

from pathlib import Path
from typing import Any

from . import claims, command_line, presets, records, scenarios


def pages(root: Path, facts: dict[str, Any]) -> dict[str, str]:
    """The pages, by their names below Documentation/."""
    return {
        "reference/scenarios.rst": scenarios.page(facts["scenarios"], presets.of_tree(root)),
        "reference/records.rst": records.page(facts),
        "reference/command-line.rst": command_line.page(),
        "explanation/claims.rst": claims.page(facts),
    }
