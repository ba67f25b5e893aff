# SPDX-License-Identifier: GPL-2.0
"""Takes CPUs away, and gives them back, while runs are under way."""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

import lab

CPU = "/sys/devices/system/cpu"
# `scale` counts CPUs; the others have memory in the lists of each.
SCENARIOS = {
    "probe": "probe allocator=kmalloc,pages count=200 repeat=3",
    "sweep": "sweep to=64k",
    "cache": f"cache count={lab.many(2000, 'objects')}",
    "scale": f"scale warmup=100 operations={lab.many(10_000, 'operations of each kind')}",
}


def hotpluggable() -> list[str]:
    """The files that switch CPUs; the first CPU has none."""
    names = sorted(name for name in os.listdir(CPU) if re.fullmatch(r"cpu\d+", name))
    paths = [f"{CPU}/{name}/online" for name in names]
    return [path for path in paths if os.path.exists(path)]


def switch(path: str, word: str) -> None:
    lab.write_text(path, word)


def runs_until(command: str, ours: int) -> Iterator[tuple[str, str]]:
    """What becomes of the command, again and again until the other end of the pipe is closed."""
    os.set_blocking(ours, False)
    while True:
        outcome = lab.ask(command)
        yield outcome.error, outcome.answer
        try:
            if not os.read(ours, 1):
                return
        except BlockingIOError:
            continue


def judge(error: str, answer: str) -> str:
    """What is wrong with an answer, if anything: a CPU that has gone may be a reason to refuse."""
    last = (answer.splitlines() or [""])[-1]
    if error == "OK" and last.startswith("complete: ") and ", 0 outstanding, " in last:
        return ""
    if error != "OK" and answer.startswith("refused: "):
        return ""
    if error != "OK" and last.startswith("stopped: ") and ", 0 outstanding, " in last:
        return ""
    return f"{error}: {answer!r}"


def under(scenario: str) -> Iterator[str]:
    switches = hotpluggable()
    if not switches:
        raise lab.SkipError("no CPU of this machine can be taken away")
    times = lab.scaled(100, 4, f"changes of CPUs under {scenario}")
    stop, stopping = os.pipe()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stopping)
        seen: Counter[str] = Counter()
        wrong = []
        for error, answer in runs_until(SCENARIOS[scenario], stop):
            seen[error] += 1
            if problem := judge(error, answer):
                wrong.append(problem)
        os.write(theirs, json.dumps([seen, wrong[:5]]).encode())
        os._exit(0)
    os.close(theirs)
    os.close(stop)
    choice = random.Random(scenario)
    progress = lab.Progress(f"hotplug under {scenario}", times)
    try:
        for _ in range(times):
            path = choice.choice(switches)
            switch(path, "0")
            yield from others_go_on()
            switch(path, "1")
            progress.step()
    finally:
        for path in switches:
            switch(path, "1")
        os.close(stopping)
        told = lab.read_rest(ours)
        os.waitpid(child, 0)
    if not told:
        yield "the writer did not tell what it saw"
        return
    seen_there, wrong = json.loads(told)
    print(f"# {scenario}: {times} times a CPU went and came; runs: {seen_there}", flush=True)
    yield from wrong
    if not seen_there.get("OK"):
        yield f"no run was complete: {seen_there}"
    yield from lab.ledger()


def others_go_on() -> Iterator[str]:
    outcome = lab.ask("probe size=100")
    if outcome.error != "OK":
        yield f"with a CPU less: {outcome}"


lab.check([(f"CPUs go and come under {name}", partial(under, name)) for name in SCENARIOS])
