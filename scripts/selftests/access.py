# SPDX-License-Identifier: GPL-2.0
"""Tries what this process may do with each file; and says what each kind of process should."""

import errno
import os
import sys

import lab

COMMAND_FILES = ("held", "run")
READ_ONLY_FILES = tuple(sorted((*lab.DOCUMENTS, "progress")))


def result(name: str, flags: int) -> str:
    """Opens a file and reads or writes it."""
    try:
        descriptor = os.open(lab.path_of(name), flags)
        try:
            if flags == os.O_RDONLY:
                os.read(descriptor, 100)
            else:
                os.write(descriptor, b"free all" if name == "held" else b"probe size=100")
        finally:
            os.close(descriptor)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "yes"


def tries() -> None:
    for name in (*COMMAND_FILES, *READ_ONLY_FILES):
        print(f"{name}: read {result(name, os.O_RDONLY)}, write {result(name, os.O_WRONLY)}")


def should(of_commands: tuple[str, str], of_others: tuple[str, str]) -> None:
    for name in (*COMMAND_FILES, *READ_ONLY_FILES):
        read, write = of_commands if name in COMMAND_FILES else of_others
        print(f"{name}: read {read}, write {write}")


def main() -> None:
    match sys.argv[1]:
        case "tries":
            tries()
        case "root":
            # A file without a function for it cannot be written, whoever one is.
            should(("yes", "yes"), ("yes", "EINVAL"))
        case "reader":
            should(("yes", "EACCES"), ("yes", "EACCES"))
        case "nobody":
            should(("EACCES", "EACCES"), ("EACCES", "EACCES"))
        case "locked":
            should(("EPERM", "EPERM"), ("yes", "EPERM"))


main()
