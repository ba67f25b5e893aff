# SPDX-License-Identifier: GPL-2.0
"""Runs in the machine that has the module loaded: commands, and what the module says of itself."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .worked import COMMAND

LAB = Path("/sys/kernel/debug/rust_memalloc")
MODULE = "rust_memalloc.ko"
PREAMBLE_FILE = Path("/run/preamble.bash")
# Far longer than any command of the documentation takes.
SECONDS = 600
# `scripts/vm -- COMMAND` boots a machine, inserts the module, and runs COMMAND there. In this
# machine it is inserted anew, so that runs are counted from 1, and COMMAND is run in the same way.
PREAMBLE = """\
anew() {
	rmmod rust_memalloc && insmod $(cat /vm/module)
}
scripts/vm() {
	[ "$1" = -- ] || return 125
	shift
	anew && sh -c "$*"
}
"""


def shell(text: str) -> dict[str, Any]:
    """Runs a command as bash would on a terminal, and returns what it prints, and its status."""
    run = subprocess.run(
        ["bash", "-c", text],
        env={**os.environ, "BASH_ENV": str(PREAMBLE_FILE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    # What is typed has no number.
    output = run.stdout.replace("bash: line 1: ", "bash: ")
    return {"status": run.returncode, "output": output.splitlines()}


def ask(command: str) -> str:
    """Runs a scenario. Returns the reason if it was refused."""
    with (LAB / "run").open("r+b", buffering=0) as file:
        try:
            file.write(command.encode())
        except OSError:
            return (file.read() or b"").decode().strip()
    return ""


def facts() -> dict[str, Any]:
    """What the module says of itself: its scenarios, the records of each, and the claims."""
    text = (LAB / "scenarios").read_text()
    names = [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]
    results, refusals = {}, {}
    for name in names:
        if reason := ask(name):
            refusals[name] = reason
        else:
            results[name] = (LAB / "results").read_text().splitlines()
    return {
        "scenarios": text,
        "results": results,
        "refusals": refusals,
        "version": (LAB / "version").read_text(),
        "kernel": (LAB / "environment").read_text().split()[1],
    }


def main(folder: Path) -> None:
    """Carries out the plan in a folder, and leaves the answers there."""
    PREAMBLE_FILE.write_text(PREAMBLE)
    page, answers = "", []
    for step in json.loads((folder / "plan.json").read_text())["guest"]:
        if step["page"] != page:
            # Of one page to the next, nothing is left over.
            page = step["page"]
            shell("anew")
        answers.append(shell(step["text"]))
    shell("anew")
    everything = {
        "answers": answers,
        "facts": facts(),
        "worked": shell(f"rmmod rust_memalloc && insmod {folder}/built/{MODULE} && {COMMAND}"),
    }
    (folder / "answers.json").write_text(json.dumps(everything))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
