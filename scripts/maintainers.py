#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Looks whether MAINTAINERS names every file of the tree, and nothing that is not there."""

import argparse
import sys
from fnmatch import fnmatch
from pathlib import Path


def patterns(text: str) -> list[str]:
    """What the entries are about."""
    return [line[2:].strip() for line in text.splitlines() if line.startswith("F:")]


def is_meant(file: str, pattern: str) -> bool:
    """Whether a pattern means a file: folders mean all that is in them, and `*` no other folder."""
    if pattern.endswith("/"):
        return file.startswith(pattern)
    return file.count("/") == pattern.count("/") and fnmatch(file, pattern)


def main() -> int:
    """Prints what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", help="all files of the tree")
    files: list[str] = parser.parse_args().files
    known = patterns(Path("MAINTAINERS").read_text())
    orphans = [file for file in files if not any(is_meant(file, one) for one in known)]
    idle = [one for one in known if not any(is_meant(file, one) for file in files)]
    for file in orphans:
        print(f"MAINTAINERS names nobody for {file}")
    for one in idle:
        print(f"MAINTAINERS: {one} means no file")
    return 1 if orphans or idle else 0


if __name__ == "__main__":
    sys.exit(main())
