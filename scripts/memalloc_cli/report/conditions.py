# SPDX-License-Identifier: GPL-2.0
"""The machine, the kernel, and how the experiment was recorded."""

from collections.abc import Iterator
from typing import Any

from ..recording.conditions import boot_options, is_busy, load, memory
from ..recording.experiment import Experiment
from ..table import counted
from .elements import (
    Content,
    Html,
    Section,
    details,
    element,
    facts,
    join,
    moment,
    paragraph,
    section,
    table,
)


def machine(experiment: Experiment) -> Section:
    """The most important of it, in a few lines."""
    environment = experiment.environment
    kernel, cpu = environment.get("kernel", {}), environment.get("cpu", {})
    seen = environment.get("module", {}).get("environment", {})
    hardware = environment.get("hardware", {})
    rows: list[tuple[str, Content]] = [
        ("Kernel", f"{experiment.kernel}, {kernel.get('architecture', '')}"),
        ("Built", str(kernel.get("version", ""))),
        ("Machine", machine_text(experiment.machine, hardware)),
        ("Processor", str(cpu.get("model", ""))),
        ("CPUs online", str(seen.get("cpus_online", cpu.get("online", "")))),
        ("Memory", str(memory(seen.get("memory_bytes")) or "")),
        ("Virtualisation", str(hardware.get("virtualisation", ""))),
        ("Frequency governor", str(cpu.get("governor", "not known"))),
        ("Boot options", boot_options(kernel.get("cmdline", "")) or "none that matter"),
        ("Options that are set", options_set(environment)),
        ("Module", str(environment.get("module", {}).get("module", "not loaded"))),
        ("Note", str(experiment.about.get("note") or "")),
    ]
    return section(
        "machine",
        "The machine",
        facts(rows),
        details("All that is known about it", everything(experiment)),
    )


def machine_text(name: str, hardware: dict[str, Any]) -> str:
    """Its name, and what it is."""
    made = " ".join(str(hardware[key]) for key in ("vendor", "product") if key in hardware)
    # What nobody gave a name is called what it is.
    if name == hardware.get("product"):
        return made
    return f"{name} ({made})" if made else name


def options_set(environment: dict[str, Any]) -> str:
    """Of the options that change an allocation, those that are set."""
    seen = environment.get("module", {}).get("environment", {})
    names = [name.removeprefix("CONFIG_") for name, value in seen.items() if value == "y"]
    return ", ".join(names)


def everything(experiment: Experiment) -> Html:
    """The whole of what was written down, as a tree of lists."""
    return facts((name, tree(value)) for name, value in experiment.environment.items())


def tree(value: object) -> Content:
    """A value, or values below it."""
    if not isinstance(value, dict):
        return str(value)
    if any(isinstance(below, dict) for below in value.values()):
        return facts((str(name), tree(below)) for name, below in value.items())
    pairs = (element("li", f"{name}: {below}") for name, below in value.items())
    return element("ul", join(pairs), class_="pairs")


def recording(experiment: Experiment) -> Section:
    """How it was recorded, so that it can be done again."""
    about, plan = experiment.about, experiment.plan
    counts = dict.fromkeys(plan.commands, 0)
    for recorded in experiment.complete_runs():
        counts[recorded.command] += 1
    rows = [{"command": name, "complete runs": str(number)} for name, number in counts.items()]
    return section(
        "recording",
        "How it was recorded",
        paragraph(
            f"{counted(plan.repeat, 'round')} of {counted(len(plan.commands), 'command')}, each "
            f"round in a random order of its own (seed {plan.seed}), from ",
            moment(about["started"]),
            " to ",
            moment(about["ended"]) if about["ended"] else "an end that nobody wrote down",
            ". The same set of runs is repeated with ",
            element("code", "memalloc replay DIR NEWDIR"),
            ".",
        ),
        join(element("p", text, class_="warning") for text in warnings(experiment)),
        table("Commands", rows),
    )


def warnings(experiment: Experiment) -> Iterator[str]:
    """What a reader has to know before believing the figures."""
    about = experiment.about
    if not experiment.is_complete:
        reason = f": {about['reason']}" if about.get("reason") else ""
        yield (
            f"The recording was not finished ({about['state']}{reason}): "
            f"{len(experiment.runs)} of {len(experiment.plan.order)} runs are there."
        )
    for recorded in experiment.runs:
        if not recorded.is_complete:
            end = recorded.run.end
            yield (
                f"Left out, for it was cut short ({end.get('reason', 'unfinished')}): run "
                f"{recorded.number}, {recorded.command}."
            )
    for left_out in experiment.plan.left_out:
        yield f"Not run: {left_out.command}: {left_out.reason}."
    found = load(experiment)
    if found is not None and is_busy(experiment):
        yield (
            "The machine was busy with something else when the recording began: in the minute "
            f"before, {found.average:g} tasks ran or waited, on average."
        )
