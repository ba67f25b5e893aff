# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: asking the person about what no option says."""

from argparse import Namespace
from collections.abc import Callable

from .need import Context, Lifetime, Need
from .table import parse_bytes

Ask = Callable[[str], str]


class UnansweredError(Exception):
    """There is nobody to ask."""


def answered(ask: Ask, question: str, choices: dict[str, str]) -> str:
    """Asks until the answer is one of the choices; an empty one is the first of them."""
    words = list(choices)
    described = "".join(f"\n  {word}: {meaning}" for word, meaning in choices.items())
    complaint = ""
    while True:
        text = f"{complaint}{question}{described}\n[{words[0]}] "
        answer = ask(text).strip().lower() or words[0]
        fit = [word for word in words if word.startswith(answer)]
        if answer in words or len(fit) == 1:
            return answer if answer in words else fit[0]
        wrong = f"may be {' or '.join(fit)}" if fit else f"is none of {', '.join(words)}"
        complaint = f"'{answer}' {wrong}\n"


def size_answered(ask: Ask) -> int:
    """Asks until the answer is a size."""
    complaint = ""
    while True:
        answer = ask(f"{complaint}How many bytes at most (100, 4k, 2M)? ").strip()
        try:
            size_bytes = parse_bytes(answer)
        except ValueError as error:
            complaint = f"{error}\n"
            continue
        if size_bytes > 0:
            return size_bytes
        complaint = f"'{answer}' is not enough; at least 1 byte\n"


def need_of(options: Namespace, ask: Ask | None) -> Need:
    """What is needed, from the options, and from the person for the rest of them.

    Whoever gives the size as an option means the defaults of the rest.
    """
    if options.size is not None:
        return Need(
            size_bytes=options.size,
            context=Context(options.context or Context.SLEEP.value),
            is_contiguous=bool(options.contiguous),
            is_zeroed=bool(options.zero),
            lifetime=Lifetime(options.lifetime or Lifetime.KERNEL.value),
        )
    if ask is None:
        raise UnansweredError("--size is missing, and there is no terminal to ask on")
    size_bytes = size_answered(ask)
    context = options.context or answered(
        ask,
        "Where is it allocated and freed?",
        {
            "sleep": "in process context, with no spinlock held",
            "atomic": "where sleeping is forbidden: under a spinlock that no interrupt takes",
            "interrupt": "in an interrupt, hard or soft, or under a spinlock that one takes",
            "atomic-free": "allocated where sleeping is allowed, freed where it is forbidden",
        },
    )
    return Need(
        size_bytes=size_bytes,
        context=Context(context),
        is_contiguous=is_wanted(
            ask,
            options.contiguous,
            "Does a device, or anything else that goes by physical addresses, use it in one piece?",
        ),
        is_zeroed=is_wanted(ask, options.zero, "Is it to be zeroed?"),
        lifetime=Lifetime(
            options.lifetime
            or answered(
                ask,
                "For whom does it live?",
                {
                    "kernel": "the kernel, or the module",
                    "user": "a process, which can make there be more and more of it",
                },
            )
        ),
    )


def is_wanted(ask: Ask, option: bool | None, question: str) -> bool:
    """What the option says, or else the person."""
    if option is not None:
        return option
    return answered(ask, question, {"no": "no", "yes": "yes"}) == "yes"
