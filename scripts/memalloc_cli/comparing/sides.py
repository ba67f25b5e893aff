# SPDX-License-Identifier: GPL-2.0
"""What is compared with what: experiments dealt to sides, and to the places where they were made.

Only what was recorded in the same place is compared: on the same machine, with the same kernel and
the same configuration. What the sides have nothing of in common does not count: that is in what
they differ.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..recording.conditions import configuration
from ..recording.experiment import Experiment, find_all
from ..results import MalformedError
from ..words import CONFIG, FOLDER, KERNEL, MACHINE


class Place(NamedTuple):
    """Where experiments have to agree to be compared; what does not count is empty."""

    machine: str
    kernel: str
    config: str

    def name(self) -> str:
        """For people."""
        return ", ".join(word for word in self if word) or "everywhere"


class Side(NamedTuple):
    """Experiments that belong together, by place."""

    name: str
    experiments: dict[Place, list[Experiment]]

    def all(self) -> list[Experiment]:
        """Of all places."""
        return [one for group in self.experiments.values() for one in group]

    @property
    def has_several(self) -> bool:
        """Whether there is a place with more than one."""
        return any(len(group) > 1 for group in self.experiments.values())


class Pair(NamedTuple):
    """Two experiments that were made in the same place, one of either side."""

    before: Experiment
    after: Experiment


def pairs(first: Side, other: Side) -> Iterator[Pair]:
    """A pair for each place that both sides have."""
    for place, experiments in first.experiments.items():
        if place in other.experiments:
            yield Pair(experiments[0], other.experiments[place][0])


class Coordinates:
    """What tells experiments apart, among all that are looked at."""

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        configurations = [configuration(one.environment) for one in experiments]
        # What a kernel does not know it cannot have set otherwise.
        self._options = set.intersection(*(set(one) for one in configurations))

    def of(self, experiment: Experiment) -> dict[str, str]:
        """The coordinates of one."""
        return {
            MACHINE: experiment.machine,
            KERNEL: experiment.kernel,
            CONFIG: self.config(experiment),
        }

    def config(self, experiment: Experiment) -> str:
        """A short name for a configuration, the same for equal ones."""
        options = configuration(experiment.environment)
        common = {name: options[name] for name in sorted(self._options)}
        return f"config {hashlib.sha256(json.dumps(common).encode()).hexdigest()[:8]}"


def sides_of(paths: Sequence[str], by: str = FOLDER, baseline: str | None = None) -> list[Side]:
    """The sides; the first, or the one that is wanted, is what the others are compared with."""
    found = {path: find_all(path) for path in paths}
    everything = [one for group in found.values() for one in group]
    coordinates = Coordinates(everything)
    groups: dict[str, list[Experiment]] = {}
    if by == FOLDER:
        groups = dict(zip(names_of(paths), found.values(), strict=True))
    else:
        for one in everything:
            groups.setdefault(coordinates.of(one)[by], []).append(one)
    if len(groups) < 2:
        reason = "name two" if by == FOLDER else f"all have the same {by}"
        raise MalformedError(f"there is nothing to compare: {reason}")
    if baseline is not None:
        if baseline not in groups:
            raise MalformedError(f"there is no {by} '{baseline}'; there are {', '.join(groups)}")
        groups = {baseline: groups.pop(baseline), **groups}
    ignored = set(unshared(list(groups.values()), coordinates))
    return [Side(name, by_place(group, ignored, coordinates)) for name, group in groups.items()]


def unshared(groups: list[list[Experiment]], coordinates: Coordinates) -> Iterator[str]:
    """The coordinates in which the first side has nothing in common with one of the others."""
    for name in (MACHINE, KERNEL, CONFIG):
        first, *others = ({coordinates.of(one)[name] for one in group} for group in groups)
        if any(first.isdisjoint(other) for other in others):
            yield name


def by_place(
    experiments: Sequence[Experiment], ignored: set[str], coordinates: Coordinates
) -> dict[Place, list[Experiment]]:
    """Experiments that were made in the same place."""
    places: dict[Place, list[Experiment]] = {}
    for experiment in experiments:
        known = coordinates.of(experiment)
        place = Place(**{name: "" if name in ignored else known[name] for name in known})
        places.setdefault(place, []).append(experiment)
    return places


def names_of(paths: Sequence[str]) -> list[str]:
    """The shortest names that tell the folders apart."""
    whole = [os.path.abspath(path).split(os.sep) for path in paths]
    for parts in range(1, max(map(len, whole)) + 1):
        names = [os.sep.join(words[-parts:]) for words in whole]
        if len(set(names)) == len(names):
            return names
    raise MalformedError(f"a folder is named twice: {' '.join(paths)}")
