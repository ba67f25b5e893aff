# SPDX-License-Identifier: GPL-2.0
"""What options take: a text becomes a value, or a reason why it is none."""

import argparse

from .table import parse_bytes


def size(text: str) -> int:
    """A size above zero."""
    try:
        size_bytes = parse_bytes(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if size_bytes == 0:
        raise argparse.ArgumentTypeError("at least 1 byte")
    return size_bytes


def seconds(text: str) -> float:
    """A time above zero."""
    try:
        number = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds") from error
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError("more than 0 seconds, and less than a million")
    return number


def positive(text: str) -> int:
    """A number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)


def natural(text: str) -> int:
    """A number from zero on."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 on")
    return int(text)


def percent(text: str) -> float:
    """A percentage from zero on."""
    try:
        number = float(text.removesuffix("%"))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a percentage") from error
    if not 0 <= number < 1e6:
        raise argparse.ArgumentTypeError("from 0 percent on")
    return number
