# SPDX-License-Identifier: GPL-2.0
"""Which words may come next, for the shells. It asks the module, so that it never grows old."""

import re

from .scenarios import PRESET, Parameter, Scenario, find
from .words import BY, FIGURES, FORMATS, SETS, UNITS

COMMANDS = {
    "list": "every scenario and its question",
    "explain": "a scenario and its parameters",
    "run": "a scenario",
    "hold": "memory under a name",
    "held": "what is held",
    "free": "what is held",
    "watch": "what goes on",
    "results": "files as tables",
    "choose": "which allocator for what",
    "record": "a set of runs, again and again",
    "replay": "an experiment once more",
    "compare": "experiments",
    "plot": "an experiment",
    "report": "an experiment as one file",
    "malloc": "of user space",
}
OPTIONS = {
    "run": ["--json"],
    "free": ["--all"],
    "watch": ["--interval", "--count"],
    "choose": [
        "--size",
        "--context",
        "--contiguous",
        "--no-contiguous",
        "--zero",
        "--no-zero",
        "--lifetime",
        "--results",
        "--no-measure",
    ],
    "record": ["--set", "--run", "--repeat", "--seed", "--machine", "--note"],
    "replay": ["--machine", "--note"],
    "compare": ["--by", "--baseline", "--format", "--changed", "--figure", "--least", "--unit"],
    "plot": ["--output"],
    "report": ["--output", "--against", "--no-plots"],
    "malloc": ["--json", "--compare"],
}
CHOICES = {
    "--context": ["sleep", "atomic", "interrupt", "atomic-free"],
    "--lifetime": ["kernel", "user"],
    "--set": list(SETS),
    "--by": list(BY),
    "--format": list(FORMATS),
    "--figure": list(FIGURES),
    "--unit": list(UNITS),
}
# What the file `held` takes.
HOLD_KEYS = ("allocator", "size", "order", "count", "gfp", "node", "align", "zero")
# What `malloc` takes.
MALLOC_KEYS = ("from", "to", "step", "count", "repeat")
# Words of `accepts` that are prose, and no values.
PROSE = {
    "a",
    "an",
    "and",
    "any",
    "at",
    "both",
    "by",
    "have",
    "if",
    "in",
    "like",
    "many",
    "most",
    "number",
    "of",
    "or",
    "order",
    "pages",
    "several",
    "the",
    "then",
    "to",
    "with",
    "you",
    "bytes",
    "rounds",
    "allocations",
    "held",
    "once",
    "power",
    "two",
    "comma",
    "commas",
    "multiply",
    "online",
    "node",
    "xn",
    "letters",
    "digits",
}


def values(parameter: Parameter) -> list[str]:
    """The values that a parameter takes, as far as they are words."""
    if parameter.key == "node":
        return ["any"]
    if parameter.key == "allocator":
        words = re.findall(r"\w+", parameter.accepts)
        return [word for word in words if word == "pages" or word not in PROSE]
    bases, _, modifiers = parameter.accepts.partition(", then ")
    words = [word for word in re.findall(r"[a-z_]+(?:-[a-z]+)*", bases) if word not in PROSE]
    if modifiers:
        words += [
            f"{base}{modifier}"
            for base in words
            for modifier in re.findall(r"\+\w+", modifiers)
            # Who does not wait has nothing to try again.
            if base not in ("nowait", "atomic") or "retry" not in modifier
        ]
    if not words or re.search(r"\d", parameter.accepts):
        return [parameter.default] if parameter.default else []
    return words


def key_values(parameters: list[Parameter], word: str, given: set[str]) -> list[str]:
    """`key=` for a key that is begun, and `key=value` for one that is complete."""
    key, equals, _ = word.partition("=")
    if not equals:
        return [f"{parameter.key}=" for parameter in parameters if parameter.key not in given]
    for parameter in parameters:
        if parameter.key == key:
            return [f"{key}={value}" for value in values(parameter)]
    return []


def candidates(words: list[str], scenarios: list[Scenario], held: list[str]) -> list[str]:
    """What the last of `words` may become. The first is a command; files are the shell's own."""
    *before, word = words or [""]
    if not before:
        return fit(word, list(COMMANDS))
    command, *rest = before
    if rest and rest[-1] in CHOICES:
        return fit(word, CHOICES[rest[-1]])
    names = [one for one in rest if not one.startswith("-")]
    found: list[str] = []
    if command == "run" and (names[:1] or [word])[0].startswith(PRESET):
        # A preset in the place of a scenario is for `latency`.
        names.insert(0, "latency")
    if rest[-1:] == ["--run"] or (command in ("run", "explain") and not names):
        found = [scenario.name for scenario in scenarios]
    elif command == "run" and (scenario := find(scenarios, names[0])):
        given = {name.partition("=")[0] for name in names[1:]}
        found = key_values(scenario.parameters, word, given)
    elif command == "hold" and names:
        given = {name.partition("=")[0] for name in names[1:]}
        found = key_values(hold_parameters(scenarios), word, given)
    elif command == "malloc":
        given = {name.partition("=")[0] for name in names}
        found = [f"{key}=" for key in MALLOC_KEYS if key not in given]
    elif command == "free":
        found = [name for name in held if name not in names]
    if word.startswith("-"):
        found = OPTIONS.get(command, [])
    return fit(word, found)


def hold_parameters(scenarios: list[Scenario]) -> list[Parameter]:
    """The parameters of `hold`, as the scenarios that share them tell them."""
    known = {one.key: one for scenario in scenarios for one in scenario.parameters}
    return [known[key] for key in HOLD_KEYS if key in known]


def fit(word: str, found: list[str]) -> list[str]:
    """Those that begin with the word."""
    return [one for one in found if one.startswith(word)]
