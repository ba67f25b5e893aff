# SPDX-License-Identifier: GPL-2.0
"""The commands."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from . import evidence, facts, progress, results, scenarios, table, watch
from .choose import ImpossibleError, choose
from .interface import Answer, Laboratory, UnavailableError
from .need import Machine
from .options import parse
from .questions import UnansweredError, need_of
from .status import (
    CLOSED_PIPE,
    DONE,
    FAILED,
    INTERRUPTED,
    NO_LABORATORY,
    WRONG_USE,
    complain,
)

# What to do where there is no laboratory.
CHOOSE_WITHOUT = "--no-measure or --results FILE need no module"
IN_VM = "in this repository: scripts/vm -- scripts/memalloc …"


def status_of(answer: Answer, hint: str = "") -> int:
    """The exit status for an answer; a reason is told."""
    if not answer.error:
        return DONE
    complain(answer.reason + hint)
    return INTERRUPTED if answer.is_cancelled else FAILED


def list_scenarios(laboratory: Laboratory, _options: Namespace) -> int:
    """`list`"""
    print(scenarios.overview(scenarios.parse(laboratory.read("scenarios"))), end="")
    return DONE


def explain(laboratory: Laboratory, options: Namespace) -> int:
    """`explain`"""
    known = scenarios.parse(laboratory.read("scenarios"))
    scenario = scenarios.find(known, options.scenario)
    if scenario is None:
        hint = scenarios.hint(known, options.scenario)
        complain(f"there is no scenario '{options.scenario}'{hint}")
        return FAILED
    print(scenarios.explain(scenario), end="")
    return DONE


def run(laboratory: Laboratory, options: Namespace) -> int:
    """`run`"""
    with progress.shown(laboratory):
        answer = laboratory.command(scenarios.command_of([options.scenario, *options.pairs]))
    if answer.is_refused:
        known = scenarios.parse(laboratory.read("scenarios"))
        return status_of(answer, scenarios.hint(known, options.scenario))
    if not options.json:
        print(answer.text, end="")
        return status_of(answer)
    text = laboratory.read("results")
    results.run_of(text, answer.run_id)  # Or else it is lost.
    print(text, end="")
    return status_of(answer)


def change_held(laboratory: Laboratory, command: str) -> int:
    """Writes a command to `held`, and shows what is held then."""
    answer = laboratory.command(command, "held")
    if not answer.error:
        print(answer.text, end="")
    return status_of(answer)


def hold(laboratory: Laboratory, options: Namespace) -> int:
    """`hold`"""
    return change_held(laboratory, " ".join(["alloc", f"name={options.name}", *options.pairs]))


def held(laboratory: Laboratory, _options: Namespace) -> int:
    """`held`"""
    print(watch.held_table(laboratory.read("held")), end="")
    return DONE


def free(laboratory: Laboratory, options: Namespace) -> int:
    """`free`"""
    if options.all:
        return change_held(laboratory, "free all")
    status, left = DONE, ""
    for name in options.names:
        answer = laboratory.command(f"free name={name}", "held")
        left = left if answer.error else answer.text
        status = status_of(answer) or status
        if answer.is_cancelled:
            break
    print(left, end="")
    return status


def watch_it(laboratory: Laboratory, options: Namespace) -> int:
    """`watch`"""
    watch.watch(laboratory, options.interval, options.count)
    return DONE


def show_results(laboratory: Laboratory, options: Namespace) -> int:
    """`results`"""
    if not options.files:
        runs = results.parse(laboratory.read("results").splitlines())
        if not runs:
            complain("there was no run since the module was loaded")
            return FAILED
        print(table.runs_text(runs), end="")
        return DONE
    for index, path in enumerate(options.files):
        if len(options.files) > 1:
            print(f"{'' if index == 0 else chr(10)}==> {path} <==")
        print(table.runs_text(results.load(path)), end="")
    return DONE


def show_facts(laboratory: Laboratory, options: Namespace) -> int:
    """`environment` and `stats`"""
    text = laboratory.read(options.command)
    print(json.dumps(facts.as_object(text), indent=2) + "\n" if options.json else text, end="")
    return DONE


def choose_one(laboratory: Laboratory, options: Namespace) -> int:
    """`choose`"""
    interrupted = None
    try:
        need = need_of(options, input if sys.stdin.isatty() else None)
        if options.results:
            files = [(os.path.basename(path), results.load(path)) for path in options.results]
            advice = choose(need, Machine())
            measured = list(evidence.offline(files, need, advice))
        elif options.no_measure:
            advice = choose(need, Machine())
            measured = []
        else:
            advice = choose(need, evidence.machine_of(laboratory))
            with progress.shown(laboratory):
                measured, interrupted = evidence.live(laboratory, need, advice)
    except ImpossibleError as reason:
        complain(reason)
        return FAILED
    except UnansweredError as reason:
        complain(reason)
        return WRONG_USE
    print(evidence.advice_text(evidence.with_waste(need, advice, measured), measured), end="")
    if interrupted is not None:
        complain(interrupted)
        return INTERRUPTED
    return DONE


def complete(laboratory: Laboratory, options: Namespace) -> int:
    """`complete`"""
    from . import completion  # Not for people.

    try:
        text = laboratory.read("held")
        syntax = map(scenarios.parameter_of, text.splitlines())
        known = completion.Known(
            scenarios.parse(laboratory.read("scenarios")),
            watch.held_names(text),
            [one for one in syntax if one is not None and one.key != "name"],
        )
    except (UnavailableError, scenarios.MalformedError):
        known = completion.NOTHING
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    for word in completion.candidates(words, known):
        print(word)
    return DONE


def of_experiments(laboratory: Laboratory, options: Namespace) -> int:
    """`record` and what can be done with recordings."""
    from .experiment_commands import COMMANDS  # Not for those who do without.

    return COMMANDS[options.command](laboratory, options)


COMMANDS: dict[str, Callable[[Laboratory, Namespace], int]] = {
    "list": list_scenarios,
    "explain": explain,
    "run": run,
    "hold": hold,
    "held": held,
    "free": free,
    "watch": watch_it,
    "results": show_results,
    "environment": show_facts,
    "stats": show_facts,
    "choose": choose_one,
    "record": of_experiments,
    "replay": of_experiments,
    "compare": of_experiments,
    "plot": of_experiments,
    "report": of_experiments,
    "malloc": of_experiments,
    "complete": complete,
}


def parsed(arguments: Sequence[str] | None) -> Namespace:
    """The command line. Help and mistakes end the program."""
    try:
        words = sys.argv[1:] if arguments is None else arguments
        return parse(words)
    except SystemExit:
        # When Python flushes at its end, it is too late to see that nobody reads the help.
        sys.stdout.flush()
        raise


def carry_out(options: Namespace) -> int:
    """Carries out a command, and returns the exit status."""
    laboratory = Laboratory(options.directory)
    try:
        status = COMMANDS[options.command](laboratory, options)
        sys.stdout.flush()
        return status
    except UnavailableError as error:
        advice = [CHOOSE_WITHOUT] if options.command == "choose" else []
        complain(error, *advice, IN_VM)
        return NO_LABORATORY
    except (results.MalformedError, results.LostError, scenarios.MalformedError) as error:
        complain(error)
        return FAILED
    except BrokenPipeError:
        raise  # Unlike the other errors below, it is no failure.
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else error)
        return FAILED
    except EOFError:
        complain("no answer")
        return WRONG_USE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Carries out a command line, and returns the exit status."""
    try:
        return carry_out(parsed(arguments))
    except BrokenPipeError:
        # Whoever read has read enough; Python flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
