# SPDX-License-Identifier: GPL-2.0
"""What can be run, as the file `scenarios` tells it."""

import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

# What may stand in the place of a scenario.
PRESET = "preset="


class Parameter(NamedTuple):
    """A parameter of a scenario."""

    key: str
    default: str
    meaning: str
    accepts: str

    def explanations(self) -> list[str]:
        """What it means and takes, for people; once if the one is how the other begins."""
        if self.accepts.startswith(self.meaning):
            return [self.accepts]
        return [self.meaning, self.accepts]


class Scenario(NamedTuple):
    """A scenario: its name, its question, its parameters."""

    name: str
    question: str
    parameters: list[Parameter]


class MalformedError(ValueError):
    """The text is not what the module writes."""


def parse(text: str) -> list[Scenario]:
    """Parses the file: a line for each scenario, and an indented one for each parameter."""
    scenarios: list[Scenario] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line:
            continue
        if parameter := parameter_of(line):
            if not scenarios:
                raise MalformedError(f"line {number}: a parameter before the first scenario")
            scenarios[-1].parameters.append(parameter)
        elif match := re.fullmatch(r"(\w+): (.+)", line):
            scenarios.append(Scenario(match[1], match[2], []))
        else:
            raise MalformedError(f"line {number}: '{line}'")
    return scenarios


def parameter_of(line: str) -> Parameter | None:
    """The parameter that a line tells of, if it does; the file `held` has such lines, too."""
    match = re.fullmatch(r"    (\w+)=(.*?)  (.+?): (.+)", line)
    return Parameter(*match.groups()) if match else None


def find(scenarios: list[Scenario], name: str) -> Scenario | None:
    """The scenario with a name."""
    return next((scenario for scenario in scenarios if scenario.name == name), None)


def command_of(words: Sequence[str]) -> str:
    """A command; one that begins with `preset=NAME` is for `latency`."""
    return " ".join(["latency", *words] if words and words[0].startswith(PRESET) else words)


def overview(scenarios: list[Scenario]) -> str:
    """A line for each."""
    width = max((len(scenario.name) for scenario in scenarios), default=0)
    return "".join(f"{scenario.name:{width}}  {scenario.question}\n" for scenario in scenarios)


def explain(scenario: Scenario, width: int = 80) -> str:
    """All about one."""
    lines = [f"{scenario.name}: {scenario.question}", ""]
    if not scenario.parameters:
        lines.append("It takes no parameters.")
    for parameter in scenario.parameters:
        lines.append(f"{parameter.key}={parameter.default}")
        for text in parameter.explanations():
            lines += textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="      ")
    return "\n".join([*lines, ""])


def closest(scenarios: list[Scenario], name: str) -> list[str]:
    """The names that a mistyped one may have meant."""
    import difflib  # Not for those who type well.

    return difflib.get_close_matches(name, [scenario.name for scenario in scenarios])


def hint(scenarios: list[Scenario], name: str) -> str:
    """What to add to a complaint about a name; nothing if it is known, or none is near."""
    meant = [] if find(scenarios, name) else closest(scenarios, name)
    return f"; did you mean {' or '.join(meant)}?" if meant else ""
