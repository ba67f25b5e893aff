# SPDX-License-Identifier: GPL-2.0
"""The conditions under which an experiment was made, and in which of them two differ."""

from typing import Any, NamedTuple

from .experiment import Experiment

# Settings that nobody chose: they come with the machine, or with the boot.
NOT_CHOSEN = ("clocksource", "tainted", "min_free_kbytes")
# What the module says of itself that somebody chose.
CHOSEN = ("init_on_alloc", "init_on_free", "kfence_sample_interval_ms")
# Words of the command line that say nothing about memory, and differ from machine to machine.
NOISE = (
    "BOOT_IMAGE=",
    "console=",
    "earlyprintk",
    "init=",
    "initrd=",
    "loglevel=",
    "nr_open=",
    "panic=",
    "quiet",
    "resume=",
    "ro",
    "root=",
    "rw",
    "splash",
    "virtme",
)

BOOT_OPTIONS = "boot options"
# Tasks that ran in the last minute, on average.
BUSY_LOAD = 1.0


class Load(NamedTuple):
    """Tasks that run or wait, as `/proc/loadavg` counts them."""

    # In the last minute.
    average: float
    # With the one that asks, and without those that wait for a disk.
    now: int


class Difference(NamedTuple):
    """A condition in which two experiments differ."""

    name: str
    before: str
    after: str


def boot_options(cmdline: str) -> str:
    """The kernel's command line without what does not matter."""
    return " ".join(word for word in cmdline.split() if not is_noise(word))


def apart(before: str, after: str) -> tuple[str, str]:
    """Of either side the boot options that the other has not, in their order."""
    first, second = before.split(), after.split()
    return (
        " ".join(word for word in first if word not in second) or "-",
        " ".join(word for word in second if word not in first) or "-",
    )


def is_noise(word: str) -> bool:
    """Whether a word of the command line does not matter."""
    return any(word == noise or (len(noise) > 2 and word.startswith(noise)) for noise in NOISE)


def configuration(environment: dict[str, Any]) -> dict[str, str]:
    """What was chosen when the kernel was built, when it was booted, and since."""
    kernel = environment.get("kernel", {})
    module = environment.get("module", {}).get("environment", {})
    settings = environment.get("settings", {})
    cpu = environment.get("cpu", {})
    chosen = {
        **{name: value for name, value in module.items() if name.startswith("CONFIG_")},
        **{name: value for name, value in module.items() if name in CHOSEN},
        **{name: value for name, value in kernel.get("config", {}).items() if is_option(name)},
        **{name: value for name, value in settings.items() if name not in NOT_CHOSEN},
        BOOT_OPTIONS: boot_options(kernel.get("cmdline", "")),
        "governor": cpu.get("governor"),
        "SMT": cpu.get("smt"),
    }
    return {name: str(value) for name, value in chosen.items() if value is not None}


def is_option(name: str) -> bool:
    """Whether an option is somebody's choice, and not the name of a compiler."""
    return not name.endswith("_VERSION_TEXT")


def conditions(experiment: Experiment) -> dict[str, str]:
    """All that results may depend on."""
    environment = experiment.environment
    kernel = environment.get("kernel", {})
    module = environment.get("module", {})
    known = {
        "machine": experiment.machine,
        "CPU": environment.get("cpu", {}).get("model"),
        "microcode": environment.get("cpu", {}).get("microcode"),
        "CPUs online": module.get("environment", {}).get("cpus_online"),
        "memory": memory(module.get("environment", {}).get("memory_bytes")),
        "virtualisation": environment.get("hardware", {}).get("virtualisation"),
        "kernel": experiment.kernel,
        "kernel built": kernel.get("version"),
        "compiler": kernel.get("config", {}).get("CONFIG_CC_VERSION_TEXT"),
        "module": module.get("module"),
        "sources": environment.get("sources", {}).get("commit"),
        "note": experiment.about.get("note"),
    }
    return {
        **{name: str(value) for name, value in known.items() if value is not None},
        **configuration(environment),
    }


def memory(size_bytes: str | None) -> str | None:
    """In MiB: what the kernel takes for itself differs by some pages from boot to boot."""
    return None if size_bytes is None else f"{int(size_bytes) >> 20} MiB"


def differences(before: Experiment, after: Experiment) -> list[Difference]:
    """In what two experiments differ, besides their figures."""
    first, second = conditions(before), conditions(after)
    # All of them are longer than a line, and most are the same.
    first[BOOT_OPTIONS], second[BOOT_OPTIONS] = apart(first[BOOT_OPTIONS], second[BOOT_OPTIONS])
    return [
        Difference(name, first.get(name, "not known"), second.get(name, "not known"))
        for name in {**first, **second}
        if first.get(name) != second.get(name)
    ]


def load(experiment: Experiment) -> Load | None:
    """The load when the recording began."""
    text = experiment.about.get("load_at_start")
    if text is None:
        return None
    average, _, _, tasks, _ = text.split()
    return Load(float(average), int(tasks.partition("/")[0]))


def is_busy(experiment: Experiment) -> bool:
    """Whether something else ran on the machine before the recording, and still did.

    The average alone says that of a machine that does nothing, too, if it has just booted.
    """
    found = load(experiment)
    return found is not None and found.average > BUSY_LOAD and found.now > 1


def is_one_boot_each(before: list[Experiment], after: list[Experiment]) -> bool:
    """Whether either side is a single recording, and the two are of different boots."""
    if len(before) != 1 or len(after) != 1:
        return False
    boots = {one.environment.get("boot_id") for one in (*before, *after)}
    return len(boots) == 2
