# SPDX-License-Identifier: GPL-2.0
"""The page of scenarios, parameters and presets, made from the file `scenarios` and the sources."""

import re
from collections.abc import Iterable, Sequence

from memalloc_cli.scenarios import Parameter, Scenario, parse

from .presets import Preset
from .rst import COMMENT, heading, plain, table, title

INTRODUCTION = """\
What the laboratory can run, from its file ``scenarios``. A scenario is a question to the running
kernel. Its name alone runs it, since every parameter has a default::

    # echo probe > /sys/kernel/debug/rust_memalloc/run
    # echo probe allocator=vmalloc size=20M > /sys/kernel/debug/rust_memalloc/run

``scripts/memalloc list`` and ``scripts/memalloc explain SCENARIO`` show the same of the loaded
module. What each scenario writes to ``results``, for programs, is in :doc:`records`.
"""

OF_PRESETS = """\
Workloads of other benchmarks, for those who know them. A preset sets other defaults. What the
command itself says takes precedence::

    # echo latency preset=lab-bulk count=64 > /sys/kernel/debug/rust_memalloc/run
"""


# What the words mean that a parameter takes, where they do not say it themselves.
WORDS = {
    "via": {
        "library": "the owning types of the library",
        "c": "the macros that a driver in C uses",
    },
    "sizes": {
        "fixed": "one size, ``size`` or ``order``",
        "sweep": "each size from ``from`` to ``to``, by ``step``, measured separately",
        "uniform": (
            "1024 sizes, drawn at random from ``from`` to ``to``, and asked for in turn; each "
            "number of bytes is as likely as any other"
        ),
        "powers": "the same, of the powers of two from ``from`` to ``to``",
        "BYTES:WEIGHT": (
            "each size as often as its weight says, in a random order, and then in the same order "
            "again"
        ),
    },
    "pattern": {
        "pair": "one is allocated, and freed at once",
        "batch": "``count`` are allocated, then all of them freed, and so on",
        "all": "all ``operations`` are allocated, then all of them freed",
        "remote": "``count`` are allocated on each CPU, then freed on another, and so on",
        "steady": "``count`` are held; one at random is freed, and another allocated, and so on",
    },
    "free_order": {
        "lifo": "the last one first",
        "fifo": "the first one first",
        "shuffled": "in a random order",
    },
}


class InconsistentError(ValueError):
    """The module says of one thing two."""


def parameters_of(scenarios: list[Scenario]) -> dict[str, Parameter]:
    """Every parameter, in the order in which they turn up, with what it mostly means."""
    known: dict[str, Parameter] = {}
    for scenario in scenarios:
        for one in scenario.parameters:
            before = known.setdefault(one.key, one)
            if before.accepts != one.accepts:
                raise InconsistentError(f"{scenario.name}: {one.key} takes something else before")
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


def words_text(one: Parameter) -> str:
    """What the words mean that a parameter takes."""
    words = WORDS.get(one.key, {})
    if missing := [word for word in words if word not in one.accepts]:
        raise InconsistentError(f"{one.key} does not take {', '.join(missing)}")
    return "".join(f"   ``{word}``\n      {meaning}.\n\n" for word, meaning in words.items())


def parameter_text(one: Parameter, scenarios: list[Scenario]) -> str:
    """What a parameter takes, and who takes it."""
    users = {
        f":ref:`{scenario.name} <scenario-{scenario.name}>`": other.meaning
        for scenario in scenarios
        for other in scenario.parameters
        if other.key == one.key
    }
    others = "".join(
        f"   In {user}: {plain(meaning)}.\n\n"
        for user, meaning in users.items()
        if meaning != one.meaning
    )
    return (
        f".. _parameter-{one.key}:\n\n``{one.key}``\n"
        f"   {plain(one.meaning)}.\n\n"
        f"{others}"
        f"   It takes {plain(one.accepts)}.\n\n"
        f"{words_text(one)}"
        f"   Used by {', '.join(users)}.\n"
    )


def check_presets(presets: Iterable[Preset], known: dict[str, Parameter]) -> None:
    """The module has to accept the presets of the sources, and no others."""
    names = [one.name for one in presets]
    accepted = re.split(", | or ", known["preset"].accepts) if "preset" in known else ["none"]
    if accepted != ["none", *names]:
        raise InconsistentError(f"the module accepts preset={accepted}; the sources have {names}")


def presets_text(presets: Iterable[Preset]) -> str:
    """What each preset measures, and what it stands for."""
    rows = [
        [f"``{one.name}``", plain(one.meaning), " ".join(f"``{pair}``" for pair in one.values)]
        for one in presets
    ]
    head = f".. _presets:\n\n{heading('Presets')}\n{OF_PRESETS}"
    return f"{head}\n{table(['Preset', 'Meaning', 'Stands for'], [20, 40, 40], rows)}"


def page(text: str, presets: Sequence[Preset]) -> str:
    """All scenarios, parameters and presets."""
    scenarios = parse(text)
    rows = [[f":ref:`{one.name} <scenario-{one.name}>`", plain(one.question)] for one in scenarios]
    known = parameters_of(scenarios)
    check_presets(presets, known)
    parts = [
        COMMENT,
        title("Scenarios"),
        INTRODUCTION,
        table(["Scenario", "Question"], [15, 85], rows),
        *map(scenario_text, scenarios),
        heading("What the parameters take"),
        *(parameter_text(one, scenarios) for one in known.values()),
        *([presets_text(presets)] if presets else []),
    ]
    return "\n".join(parts)
