# SPDX-License-Identifier: GPL-2.0
"""Which words may come next, for the shells. The grammar and the module say it, so that this never
grows old.
"""

import argparse
import re
from typing import NamedTuple

from .malloc.scenario import DEFAULTS
from .options import commands_of, parser
from .scenarios import PRESET, Parameter, Scenario, find

# What `malloc` takes.
MALLOC = [Parameter(key, default, "", "") for key, default in DEFAULTS.items()]


class Known(NamedTuple):
    """What the module says; nothing if it is not loaded."""

    scenarios: list[Scenario]
    # Names under which there is memory, and what `hold` takes.
    held: list[str]
    hold: list[Parameter]


NOTHING = Known([], [], [])


def values(parameter: Parameter) -> list[str]:
    """The values that a parameter takes, as far as they are words, and its default.

    What it accepts is a list, as in 'fixed, sweep, or up to 8 of BYTES:WEIGHT with commas'. What is
    one word there is a value, and the rest describes values.
    """
    listed, _, modifiers = parameter.accepts.partition(", then ")
    alternatives = re.split(r"[,;] (?:or )?| or ", listed)
    words = [one for one in alternatives if re.fullmatch(r"[a-z][a-z0-9_-]*", one)]
    words += [
        f"{base}{modifier}"
        for base in words
        for modifier in re.findall(r"\+\w+", modifiers)
        # Who does not wait has nothing to try again.
        if base not in ("nowait", "atomic") or "retry" not in modifier
    ]
    if parameter.default and parameter.default not in words:
        words.append(parameter.default)
    return words


def key_values(parameters: list[Parameter], word: str, given: set[str]) -> list[str]:
    """`key=` for a key that is begun, and `key=value` for one that is complete."""
    key, equals, value = word.partition("=")
    if not equals:
        return [f"{parameter.key}=" for parameter in parameters if parameter.key not in given]
    for parameter in parameters:
        if parameter.key == key:
            return [f"{key}={one}" for one in lists(parameter, value)]
    return []


def lists(parameter: Parameter, value: str) -> list[str]:
    """The values that a parameter takes, after those that were given with commas already."""
    before, comma, _ = value.rpartition(",")
    if not comma:
        return values(parameter)
    # Of some words they are several; commas may also stand between numbers.
    if not re.search(r"\b(several with commas|both with a comma)\b", parameter.accepts):
        return []
    left = [one for one in values(parameter) if one not in (*before.split(","), "all")]
    return [f"{before},{one}" for one in left]


def options_of(grammar: argparse.ArgumentParser) -> list[str]:
    """The long options of a command, but for the one that all have."""
    options = [option for action in grammar._actions for option in action.option_strings]
    return [option for option in options if option.startswith("--") and option != "--help"]


def choices_of(grammar: argparse.ArgumentParser, option: str) -> list[str]:
    """What an option takes, if that is one of some words."""
    for action in grammar._actions:
        if option in action.option_strings and action.choices is not None:
            return [str(choice) for choice in action.choices]
    return []


def candidates(words: list[str], known: Known) -> list[str]:
    """What the last of `words` may become. The first is a command; files are the shell's own."""
    *before, word = words or [""]
    commands = commands_of(parser())
    if not before:
        return fit(word, list(commands))
    command, *rest = before
    if command not in commands:
        return []
    if rest and (choices := choices_of(commands[command], rest[-1])):
        return fit(word, choices)
    if word.startswith("-"):
        return fit(word, options_of(commands[command]))
    return fit(word, operands(command, rest, word, known))


def operands(command: str, rest: list[str], word: str, known: Known) -> list[str]:
    """What is no option, and no file."""
    names = [one for one in rest if not one.startswith("-")]
    given = {name.partition("=")[0] for name in names}
    if command == "run" and (names[:1] or [word])[0].startswith(PRESET):
        # A preset in the place of a scenario is for `latency`.
        names.insert(0, "latency")
    if rest[-1:] == ["--run"] or (command in ("run", "explain") and not names):
        return [scenario.name for scenario in known.scenarios]
    if command == "run" and (scenario := find(known.scenarios, names[0])):
        return key_values(scenario.parameters, word, given)
    if command == "hold" and names:
        return key_values(known.hold, word, given)
    if command == "malloc":
        return key_values(MALLOC, word, given)
    if command == "free":
        return [name for name in known.held if name not in names]
    return []


def fit(word: str, found: list[str]) -> list[str]:
    """Those that begin with the word."""
    return [one for one in found if one.startswith(word)]
