# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: the measurements behind the advice, made now or taken from files."""

from collections.abc import Iterator
from typing import NamedTuple

from .choose import Advice
from .interface import Answer, Laboratory
from .need import Machine, Need
from .results import LostError, Record, Run, run_of
from .table import bytes_text, columns

# Of what is usable, so much may be left over without a word.
LEFT_OVER_PERCENT = 20
# Allocations that a live probe makes.
COUNT = 16
REPEAT = 4


class Measurement(NamedTuple):
    """What one allocator did with a size."""

    allocator: str
    size_bytes: int
    source: str
    allocated: int = 0
    contiguous: int = 0
    usable_bytes: int = 0
    allocate_ns: int = 0
    outcome: str = "ok"

    def row(self) -> dict[str, str]:
        """As a row of a table."""
        known = self.allocated > 0
        return {
            "allocator": self.allocator,
            "size": bytes_text(self.size_bytes),
            "usable": bytes_text(self.usable_bytes) if known else "-",
            "contiguous": f"{self.contiguous}/{self.allocated}" if known else "-",
            "least ns": str(self.allocate_ns) if known else "-",
            "outcome": self.outcome,
            "from": self.source,
        }


class Live(NamedTuple):
    """What was measured now."""

    measured: list[Measurement]
    # Why there is not more of it; nothing if there is all.
    interrupted: str | None = None


def commands(need: Need, advice: Advice) -> Iterator[tuple[str, str]]:
    """The probes to run: of the advised allocator first, then of the others."""
    for allocator in [advice.probed, *advice.others]:
        command = f"probe allocator={allocator} size={need.size_bytes} count={COUNT}"
        command += f" repeat={REPEAT} gfp={advice.gfp}"
        yield allocator, command + (" zero=yes" if need.is_zeroed else "")


def live(laboratory: Laboratory, need: Need, advice: Advice) -> Live:
    """Runs the probes, until an interrupt."""
    measured: list[Measurement] = []
    try:
        for allocator, command in commands(need, advice):
            answer = laboratory.command(command)
            if answer.is_cancelled:
                return Live(measured, answer.reason)
            measured += measurements_of(laboratory, answer, allocator, need)
    except KeyboardInterrupt:
        # It came between two runs.
        return Live(measured, "interrupted")
    return Live(measured)


def measurements_of(
    laboratory: Laboratory, answer: Answer, allocator: str, need: Need
) -> list[Measurement]:
    """What a probe measured, or why it did not."""
    outcome = answer.reason
    if not answer.error:
        try:
            run = run_of(laboratory.read("results"), answer.run_id)
            return list(measurements(run, "this machine"))
        except LostError as error:
            outcome = str(error)
    return [Measurement(allocator, need.size_bytes, "this machine", outcome=outcome)]


def measurements(run: Run, source: str) -> Iterator[Measurement]:
    """What a run says about allocators and sizes."""
    for record in run.of_kind("series"):
        if record.get("usable_min_bytes") is None:
            yield Measurement(
                record["allocator"], record["size_bytes"], source, outcome=record["outcome"]
            )
        else:
            yield of_series(record, source)
    for head, totals in zip(run.of_kind("allocation"), run.of_kind("totals"), strict=False):
        yield of_series({**totals, **{k: head[k] for k in ("allocator", "size_bytes")}}, source)


def of_series(record: Record, source: str) -> Measurement:
    """From a row of `sweep` or `compare`, or from the totals of `probe`."""
    return Measurement(
        allocator=record["allocator"],
        size_bytes=record["size_bytes"],
        source=source,
        allocated=int(record["allocated"] if "allocated" in record else record["contiguous_of"]),
        contiguous=record["contiguous"],
        usable_bytes=record["usable_min_bytes"],
        allocate_ns=record["allocate_min_ns"],
        outcome=record["outcome"],
    )


def closest(all_of_them: list[Measurement], need: Need, advice: Advice) -> Iterator[Measurement]:
    """Of each allocator the measurement at the least size that is not below the one needed."""
    for allocator in [advice.probed, *advice.others]:
        fit = [
            one
            for one in all_of_them
            if one.allocator == allocator and one.size_bytes >= need.size_bytes
        ]
        if fit:
            yield min(fit, key=lambda one: one.size_bytes)


def offline(
    files: list[tuple[str, list[Run]]], need: Need, advice: Advice
) -> Iterator[Measurement]:
    """Looks the sizes up in results files."""
    known = [
        measurement
        for name, runs in files
        for run in runs
        for measurement in measurements(run, f"{name}, kernel {run.kernel}")
    ]
    yield from closest(known, need, advice)


def machine_of(laboratory: Laboratory) -> Machine:
    """The limits of the machine that the laboratory runs on."""
    return Machine.of(laboratory.facts("environment"))


def with_waste(need: Need, advice: Advice, measured: list[Measurement]) -> Advice:
    """The advice with the waste as a reason against it, if it was measured and is large."""
    for one in measured:
        is_it = one.allocator == advice.allocator == "kmalloc" and one.allocated > 0
        # Another size may have another class.
        if is_it and one.size_bytes == need.size_bytes:
            wasted_percent = 100 * (one.usable_bytes - one.size_bytes) // one.usable_bytes
            if wasted_percent >= LEFT_OVER_PERCENT:
                usable = bytes_text(one.usable_bytes)
                reason = f"kmalloc gives {usable} for it, of which {wasted_percent} % are waste"
                return advice._replace(because=[*advice.because, reason])
    return advice


def advice_text(advice: Advice, measured: list[Measurement]) -> str:
    """The advice, and what it rests on."""
    lines = [
        f"allocator  {advice.allocator}",
        f"flags      {advice.gfp}",
        f"Rust type  {advice.rust_type}",
        f"Rust       {advice.rust_call}",
        f"C          {advice.c_call}",
        f"free in C  {advice.c_free}",
        "",
        *(f"- {reason}" for reason in advice.because),
        "",
        "",
    ]
    text = "\n".join(lines)
    if not measured:
        return text + "no measurement of it is at hand\n"
    return text + columns([one.row() for one in measured])
