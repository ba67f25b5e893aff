# SPDX-License-Identifier: GPL-2.0
"""Verdicts on the claims of the two guides, claim by claim, and what they rest on."""

import functools
import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import lab

SLAB = "/sys/kernel/slab"
VERDICTS = {"holds", "does_not_hold", "depends", "not_measured"}


class Expectation(NamedTuple):
    """Which verdicts are right, and why."""

    verdicts: list[str]
    why: str


def environment(name: str) -> str:
    """A line of the file `environment`."""
    lines = dict(line.split(" ", 1) for line in lab.read("environment").splitlines())
    return lines[name]


def memory_bytes() -> int:
    """The memory of the machine, as the kernel tells everybody."""
    match = re.search(r"^MemTotal: +(\d+) kB$", lab.read_text("/proc/meminfo"), re.M)
    assert match
    return int(match[1]) * 1024


CONDITIONS: dict[str, Callable[[], bool]] = {
    "kasan": lambda: environment("CONFIG_KASAN") == "y",
    "slab_debug": lambda: lab.read_text(f"{SLAB}/kmalloc-64/poison").strip() == "1",
    "no_init": lambda: environment("init_on_alloc") == "no",
    "little_memory": lambda: memory_bytes() < 512 << 20,
}


def expectations(path: str) -> dict[str, Expectation]:
    """The table, with the rows of the conditions that are true here."""
    true = {name for name, is_true in CONDITIONS.items() if is_true()}
    plain: dict[str, Expectation] = {}
    special: dict[str, Expectation] = {}
    for line in lab.read_text(path).splitlines():
        if line.startswith("#") or not line:
            continue
        match = re.fullmatch(r"([a-z0-9-]+)(?: \[(\w+)\])? ([a-z_|]+): (.+)", line)
        assert match, line
        claim, condition, verdicts, why = match.groups()
        assert condition is None or condition in CONDITIONS, line
        assert set(verdicts.split("|")) <= VERDICTS, line
        rows = plain if condition is None else special
        if condition is None or condition in true:
            # Of several conditions the last row counts.
            rows[claim] = Expectation(verdicts.split("|"), why)
    return plain | {claim: row for claim, row in special.items() if claim in plain}


def verdict_is_right(record: lab.Record | None, expected: Expectation) -> Iterator[str]:
    """One claim."""
    if record is None:
        yield "the claim was not answered"
    elif record["verdict"] not in expected.verdicts:
        yield f"{record['verdict']}, and not {' or '.join(expected.verdicts)}: {expected.why}"
        yield f"measured: {record['measured']}"
    if record and (record["depends_on"] is None) == (record["verdict"] == "depends"):
        yield f"depends on: {record['depends_on']}"


class Claims:
    """The answer, and cases about it."""

    def __init__(self) -> None:
        self.outcome = lab.ask("claims")
        records = lab.results()
        self.rows = {row["id"]: row for row in records if row["kind"] == "claim"}
        self.tally = next((row for row in records if row["kind"] == "tally"), None)
        self.end = records[-1]

    def numbers(self, claim: str) -> list[int]:
        """The numbers in what was measured."""
        return [int(number) for number in re.findall(r"\d+", self.rows[claim]["measured"])]

    def run_is_complete(self) -> Iterator[str]:
        """The run ended well, and left nothing behind."""
        if self.outcome.error != "OK":
            yield f"{self.outcome.error}: {self.outcome.answer.strip()[-200:]}"
        if (self.end.get("status"), self.end.get("outstanding")) != ("complete", 0):
            yield f"ended with {self.end}"
        yield from lab.ledger()

    def tally_adds_up(self) -> Iterator[str]:
        """The last line counts what stands above it."""
        found = dict.fromkeys(VERDICTS, 0)
        for row in self.rows.values():
            found[row["verdict"]] += 1
        told = {name: self.tally[name] for name in VERDICTS} if self.tally else {}
        if told != found or not self.tally or self.tally["claims"] != len(self.rows):
            yield f"told {self.tally}, found {found}"

    def report_and_results_agree(self) -> Iterator[str]:
        """People and programs read the same."""
        for row in self.rows.values():
            words = row["verdict"].replace("_", " ").replace("not hold", "not hold here")
            line = rf"^{row['id']} +{words} +{row['guide']}$"
            if not re.search(line, self.outcome.answer, re.M):
                yield f"{row['id']}: no line with '{words}'"
            if row["measured"] not in self.outcome.answer:
                yield f"{row['id']}: what was measured is not in the report"

    def least_class(self) -> Iterator[str]:
        """The smallest cache is the one that slab has."""
        least = min(slab_classes())
        if self.numbers("kmalloc-min-32-or-64")[1] != least:
            yield f"{least} in {SLAB}: {self.rows['kmalloc-min-32-or-64']['measured']}"

    def odd_classes(self) -> Iterator[str]:
        """The sizes that are no powers of two are those that slab has."""
        odd = [size for size in slab_classes() if size & (size - 1)]
        measured = self.rows["kmalloc-rounds-to-power-of-two"]["measured"]
        if bool(odd) == (self.rows["kmalloc-rounds-to-power-of-two"]["verdict"] == "holds"):
            yield f"{odd} in {SLAB}: {measured}"
        if odd and self.numbers("kmalloc-rounds-to-power-of-two")[-1] != odd[0]:
            yield f"{odd[0]} is the first in {SLAB}: {measured}"

    def memory_limits(self) -> Iterator[str]:
        """vmalloc's limit is the machine's memory, as the kernel tells everybody."""
        most, machine = self.numbers("vmalloc-max-gigabytes")
        # MemTotal can change a little while the machine runs.
        if abs(machine - memory_bytes()) > 1 << 20 or most > machine:
            yield f"MemTotal {memory_bytes()}: {most}, {machine}"

    def spacing(self) -> Iterator[str]:
        """Objects lie as far apart as slab says."""
        size = int(lab.read_text(f"{SLAB}/kmalloc-64/slab_size"))
        if self.numbers("kmalloc-16-bytes-of-metadata")[-1] != size:
            yield f"{size}: {self.rows['kmalloc-16-bytes-of-metadata']['measured']}"


def slab_classes() -> list[int]:
    """The sizes of kmalloc's caches."""
    names = [name for name in os.listdir(SLAB) if re.fullmatch(r"kmalloc-\d+k?", name)]
    return sorted(int(lab.read_text(f"{SLAB}/{name}/object_size")) for name in names)


def main() -> None:
    """Runs the scenario once, and looks at the answer in many ways."""
    expected = expectations(lab.argument(1, "claims.txt"))
    claims = Claims()

    def no_claim_is_missing() -> Iterator[str]:
        for claim in sorted(set(claims.rows) - set(expected)):
            yield f"{claim} is not in the table: {claims.rows[claim]['verdict']}"
        if len(claims.rows) < 40:
            yield f"only {len(claims.rows)} claims"

    lab.check(
        [
            ("the run is complete", claims.run_is_complete),
            ("every claim is in the table", no_claim_is_missing),
            ("the verdicts are counted", claims.tally_adds_up),
            ("the report says what the results say", claims.report_and_results_agree),
            ("the smallest size is that of slab", claims.least_class),
            ("the odd sizes are those of slab", claims.odd_classes),
            ("the limits are those of the machine", claims.memory_limits),
            ("the distance of objects is that of slab", claims.spacing),
        ]
    )
    for claim, row in expected.items():
        case = functools.partial(verdict_is_right, claims.rows.get(claim), row)
        lab.verdict(f"{claim}: {' or '.join(row.verdicts)}", case)


if __name__ == "__main__":
    main()
