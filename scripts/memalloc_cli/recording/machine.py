# SPDX-License-Identifier: GPL-2.0
"""What changes results, and the laboratory cannot see: the machine, its settings, the sources."""

import glob
import os
import platform
from typing import Any

from ..interface import Laboratory, UnavailableError
from . import kernel_config, tree

# One fact a name, as JSON has it; what a machine does not tell is missing.
Facts = dict[str, Any]

CPU = "/sys/devices/system/cpu"
DMI = "/sys/class/dmi/id"
MODULE = "/sys/module/rust_memalloc"
# Settings of the running kernel.
SETTINGS = {
    "preempt": "/sys/kernel/debug/sched/preempt",
    "transparent_hugepage": "/sys/kernel/mm/transparent_hugepage/enabled",
    "overcommit_memory": "/proc/sys/vm/overcommit_memory",
    "min_free_kbytes": "/proc/sys/vm/min_free_kbytes",
    "zone_reclaim_mode": "/proc/sys/vm/zone_reclaim_mode",
    "numa_balancing": "/proc/sys/kernel/numa_balancing",
    "tainted": "/proc/sys/kernel/tainted",
    "clocksource": "/sys/devices/system/clocksource/clocksource0/current_clocksource",
}
# Names of machines that nobody gave one.
NAMELESS = ("(none)", "localhost")
# What makers of virtual machines call them.
HYPERVISORS = {
    "QEMU": "qemu",
    "VMware": "vmware",
    "innotek": "virtualbox",
    "Microsoft Corporation": "hyper-v",
    "Xen": "xen",
    "Amazon EC2": "amazon",
    "Google": "google",
}


def text_of(path: str) -> str | None:
    """A file's text without the line's end; nothing if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None


def known(facts: Facts) -> Facts:
    """Without what is not known."""
    return {name: value for name, value in facts.items() if value is not None}


def facts(laboratory: Laboratory) -> Facts:
    """All of it."""
    return known(
        {
            "name": name(),
            "boot_id": text_of("/proc/sys/kernel/random/boot_id"),
            "kernel": kernel(),
            "settings": known({name: setting(path) for name, path in SETTINGS.items()}),
            "cpu": cpu(),
            "hardware": hardware(),
            "module": module(laboratory),
            "sources": sources(),
            "python": platform.python_version(),
            "libc": " ".join(platform.libc_ver()).strip() or None,
        }
    )


def name() -> str:
    """What the machine is called, or, if nobody called it anything, what it is."""
    called = platform.node()
    if called and called not in NAMELESS:
        return called
    return text_of(f"{DMI}/product_name") or "a machine without a name"


def kernel() -> Facts:
    """Which one, how it was built, and how it was booted."""
    release = platform.release()
    config = kernel_config.read(release)
    return known(
        {
            "release": release,
            "version": platform.version(),
            "architecture": platform.machine(),
            "cmdline": text_of("/proc/cmdline"),
            "config_source": config.source,
            "config": config.options,
        }
    )


def setting(path: str) -> str | None:
    """A setting; of several words the one in brackets, or in parentheses, is in force."""
    text = text_of(path)
    for opening, closing in (("[", "]"), ("(", ")")):
        if text and opening in text:
            return text.partition(opening)[2].partition(closing)[0]
    return text


def cpuinfo() -> dict[str, str]:
    """Of the first CPU."""
    lines = (text_of("/proc/cpuinfo") or "").split("\n\n")[0].splitlines()
    pairs = [line.partition(":") for line in lines]
    return {name.strip(): value.strip() for name, _, value in pairs}


def policies(name: str) -> str | None:
    """What the CPUs' frequency policies say; one word if they agree."""
    found = {text_of(path) for path in glob.glob(f"{CPU}/cpufreq/policy*/{name}")} - {None}
    return ", ".join(sorted(str(one) for one in found)) or None


def cpu() -> Facts:
    """The processors, and what makes them faster or slower."""
    info = cpuinfo()
    return known(
        {
            "model": info.get("model name") or info.get("CPU part"),
            "microcode": info.get("microcode"),
            "online": text_of(f"{CPU}/online"),
            "smt": text_of(f"{CPU}/smt/control"),
            "driver": policies("scaling_driver"),
            "governor": policies("scaling_governor"),
            "preference": policies("energy_performance_preference"),
            "min_khz": policies("scaling_min_freq"),
            "max_khz": policies("scaling_max_freq"),
            "boost": text_of(f"{CPU}/cpufreq/boost"),
            "no_turbo": text_of(f"{CPU}/intel_pstate/no_turbo"),
            "idle_driver": text_of(f"{CPU}/cpuidle/current_driver"),
            "isolated": text_of(f"{CPU}/isolated") or None,
            "vulnerabilities": {
                os.path.basename(path): text_of(path)
                for path in sorted(glob.glob(f"{CPU}/vulnerabilities/*"))
            },
        }
    )


def hardware() -> Facts:
    """The machine, or what plays it."""
    vendor, product = text_of(f"{DMI}/sys_vendor"), text_of(f"{DMI}/product_name")
    return known(
        {
            "vendor": vendor,
            "product": product or text_of("/proc/device-tree/model"),
            "bios": text_of(f"{DMI}/bios_version"),
            "virtualisation": virtualisation(vendor or "", product or ""),
        }
    )


def virtualisation(vendor: str, product: str) -> str:
    """What the machine runs in, as far as it can be seen from inside."""
    info = cpuinfo()
    maker = next((name for key, name in HYPERVISORS.items() if key in f"{vendor} {product}"), None)
    clocks = text_of("/sys/devices/system/clocksource/clocksource0/available_clocksource") or ""
    if "TCG" in info.get("model name", ""):
        return "qemu, emulated"
    if "kvm-clock" in clocks:
        return f"{maker}, kvm" if maker else "kvm"
    xen = text_of("/sys/hypervisor/type")
    if maker or xen:
        return maker or str(xen)
    return "unknown hypervisor" if "hypervisor" in info.get("flags", "").split() else "none seen"


def module(laboratory: Laboratory) -> Facts:
    """The loaded module, and what it says itself; nothing if it is not loaded."""
    try:
        versions = laboratory.facts("version")
        environment = laboratory.facts("environment")
    except UnavailableError:
        return {}
    parameters = {
        os.path.basename(path): text_of(path)
        for path in sorted(glob.glob(f"{MODULE}/parameters/*"))
    }
    return known(
        {
            **versions,
            "srcversion": text_of(f"{MODULE}/srcversion"),
            "parameters": known(parameters),
            "environment": environment,
        }
    )


def sources() -> Facts | None:
    """The tree that this program lies in."""
    state = tree.state()
    return None if state is None else known(state._asdict())
