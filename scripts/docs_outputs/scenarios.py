# SPDX-License-Identifier: GPL-2.0
"""The page of scenarios and parameters, made from the file `scenarios`."""

from memalloc_cli.scenarios import Parameter, Scenario, parse

from .rst import COMMENT, heading, plain, table, title

INTRODUCTION = """\
What the laboratory can run, as its file ``scenarios`` tells it. A scenario is a question to the
running kernel. Its name alone runs it, since every parameter has a default::

    # echo probe > /sys/kernel/debug/rust_memalloc/run
    # echo probe allocator=vmalloc size=20M > /sys/kernel/debug/rust_memalloc/run

``scripts/memalloc list`` and ``scripts/memalloc explain SCENARIO`` tell the same of the module that
is loaded. What each scenario writes to ``results``, for programs, is in :doc:`records`.
"""


class InconsistentError(ValueError):
    """The module says of one thing two."""


def parameters_of(scenarios: list[Scenario]) -> dict[str, Parameter]:
    """Every parameter, in the order in which they turn up."""
    known: dict[str, Parameter] = {}
    for scenario in scenarios:
        for one in scenario.parameters:
            before = known.setdefault(one.key, one)
            if (before.meaning, before.accepts) != (one.meaning, one.accepts):
                raise InconsistentError(f"{scenario.name}: {one.key} means something else before")
    return known


def scenario_text(scenario: Scenario) -> str:
    """A section of its own."""
    head = f".. _scenario-{scenario.name}:\n\n{heading(scenario.name)}\n"
    head += f"*{plain(scenario.question)}*\n"
    if not scenario.parameters:
        return f"{head}\nIt takes no parameters.\n"
    rows = [
        [f":ref:`{one.key} <parameter-{one.key}>`", f"``{one.default}``", plain(one.meaning)]
        for one in scenario.parameters
    ]
    return f"{head}\n{table(['Parameter', 'Default', 'Meaning'], [18, 30, 52], rows)}"


def parameter_text(one: Parameter, scenarios: list[Scenario]) -> str:
    """What a parameter takes, and who takes it."""
    users = [
        f":ref:`{scenario.name} <scenario-{scenario.name}>`"
        for scenario in scenarios
        if any(other.key == one.key for other in scenario.parameters)
    ]
    return (
        f".. _parameter-{one.key}:\n\n``{one.key}``\n"
        f"   {plain(one.meaning)}.\n\n"
        f"   It takes {plain(one.accepts)}.\n\n"
        f"   Of: {', '.join(users)}.\n"
    )


def page(text: str) -> str:
    """All scenarios and parameters."""
    scenarios = parse(text)
    rows = [[f":ref:`{one.name} <scenario-{one.name}>`", plain(one.question)] for one in scenarios]
    known = parameters_of(scenarios)
    parts = [
        COMMENT,
        title("Scenarios"),
        INTRODUCTION,
        table(["Scenario", "Question"], [15, 85], rows),
        *map(scenario_text, scenarios),
        heading("What the parameters take"),
        *(parameter_text(one, scenarios) for one in known.values()),
    ]
    return "\n".join(parts)
