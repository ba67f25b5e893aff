# SPDX-License-Identifier: GPL-2.0
"""What a recording runs: a set of commands, how often, and in which order."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..malloc import scenario as malloc
from ..scenarios import Scenario, command_of, find, hint
from ..words import FULL, QUICK

ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages")
PATHS = ("library", "c")
# Sets of commands under names.
SETS = {
    FULL: (
        "sweep count=4",
        # Between the powers of two, where what is rounded up shows.
        "sweep from=3 to=6M count=4",
        "compare",
        "classes",
        *(
            f"latency allocator={allocator} via={path} sizes=sweep from=64 to=64k step=x4"
            for allocator in ALLOCATORS
            for path in PATHS
        ),
        "scale",
        "fragment",
        "claims",
        malloc.SCENARIO,
    ),
    QUICK: (
        "sweep count=4",
        "compare",
        "orders count=4",
        "classes",
        "latency allocator=all via=all sizes=sweep from=64 to=64k step=x32 operations=1000",
        "scale operations=1000",
        "fragment",
        "claims",
        f"{malloc.SCENARIO} repeat=2",
    ),
}


class ImpossibleError(ValueError):
    """What was asked for cannot be recorded, and why."""


class LeftOut(NamedTuple):
    """A command of a set that this module cannot run."""

    command: str
    reason: str


class Plan(NamedTuple):
    """What to run."""

    commands: list[str]
    repeat: int
    # Of each run, in turn, the index of its command.
    order: list[int]
    seed: int
    left_out: list[LeftOut]


def shuffled(commands: int, repeat: int, seed: int) -> list[int]:
    """Rounds of all commands, each round in an order of its own.

    What changes in the course of a recording, such as a machine that grows hot, then shows as
    differences between rounds, and not between commands.
    """
    chance = random.Random(seed)
    order = []
    for _ in range(repeat):
        indexes = list(range(commands))
        chance.shuffle(indexes)
        order += indexes
    return order


def needs_laboratory(commands: Sequence[str]) -> bool:
    """Whether any of them is for the module."""
    return any(command.split()[:1] != [malloc.SCENARIO] for command in commands)


def scenario_of(command: str) -> str:
    """Its first word."""
    return command.split()[0]


def problems(command: str, known: list[Scenario]) -> Iterator[str]:
    """Why a command cannot be run, as far as that is known before."""
    name, *pairs = command.split()
    if name == malloc.SCENARIO:
        try:
            malloc.parameters(pairs)
        except malloc.RefusedError as error:
            yield str(error)
        return
    scenario = find(known, name)
    if scenario is None and "=" in name:
        yield f"'{name}' is a parameter, and a scenario has to come first"
        return
    if scenario is None:
        yield f"the module has no scenario '{name}'{hint(known, name)}"
        return
    keys = [parameter.key for parameter in scenario.parameters]
    for pair in pairs:
        key, equals, _ = pair.partition("=")
        if not equals:
            yield f"'{pair}' is not key=value"
        elif key not in keys:
            yield f"the module's {name} has no parameter '{key}'"


def of_set(name: str, known: list[Scenario], repeat: int, seed: int) -> Plan:
    """A set, as far as this module can run it."""
    commands, left_out = [], []
    for command in SETS[name]:
        reason = next(problems(command, known), None)
        if reason is None:
            commands.append(command)
        else:
            left_out.append(LeftOut(command, reason))
    return Plan(commands, repeat, shuffled(len(commands), repeat, seed), seed, left_out)


def chosen(commands: Sequence[str], known: list[Scenario], repeat: int, seed: int) -> Plan:
    """Commands that somebody wants, all of which have to be possible."""
    wanted = checked(commands, known)
    return Plan(wanted, repeat, shuffled(len(wanted), repeat, seed), seed, [])


def checked(commands: Sequence[str], known: list[Scenario]) -> list[str]:
    """The commands in one form, none of them twice."""
    wanted: list[str] = []
    for command in (command_of(one.split()) for one in commands):
        if not command:
            raise ImpossibleError("a command is empty")
        if reason := next(problems(command, known), None):
            raise ImpossibleError(f"'{command}': {reason}")
        if command in wanted:
            raise ImpossibleError(f"'{command}' is given twice; --repeat repeats all of them")
        wanted.append(command)
    return wanted
