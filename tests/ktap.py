# SPDX-License-Identifier: GPL-2.0
"""Runs the tests of a folder, and tells in KTAP what becomes of each.

python3 -B tests/ktap.py tests/FOLDER
"""

import sys
import traceback
import unittest
from collections.abc import Iterator
from types import TracebackType

Failure = tuple[type[BaseException], BaseException, TracebackType]


def cases(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """All that is in a suite, and in those in it."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from cases(one)
        elif isinstance(one, unittest.TestCase):
            yield one


class Teller(unittest.TestResult):
    """Tells of each case when it has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.has_failed = False
        self._is_within = False
        self._problems: list[str] = []
        self._skipped: str | None = None

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 # unittest's name
        super().startTest(test)
        self._is_within = True
        self._problems, self._skipped = [], None

    def addError(self, test: unittest.TestCase, err: object) -> None:  # noqa: N802
        self._add(err)
        # What sets up a class or a module fails outside of any case, and none is started then.
        if not self._is_within:
            self._tell(test.id())

    def addFailure(self, test: unittest.TestCase, err: object) -> None:  # noqa: N802
        self._add(err)

    def addSubTest(self, test: object, subtest: object, err: object) -> None:  # noqa: N802
        if err is not None:
            self._problems.append(str(subtest))
            self._add(err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        self._skipped = reason

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        self._is_within = False
        self._tell(test.id().rpartition(".")[2].removeprefix("test_").replace("_", " "))

    def _tell(self, name: str) -> None:
        self.number += 1
        for line in self._problems:
            print(f"# {line}")
        self.has_failed |= bool(self._problems)
        word = "not ok" if self._problems else "ok"
        skipped = f" # SKIP {self._skipped}" if self._skipped else ""
        print(f"{word} {self.number} - {name}{skipped}", flush=True)
        self._problems, self._skipped = [], None

    def _add(self, failure: object) -> None:
        assert isinstance(failure, tuple)
        self._problems += "".join(traceback.format_exception(*failure)).splitlines()


def main() -> int:
    """Runs them."""
    suite = unittest.defaultTestLoader.discover(sys.argv[1], top_level_dir=".")
    planned = suite.countTestCases()
    print("KTAP version 1")
    print(f"1..{planned}")
    teller = Teller()
    suite.run(teller)
    if teller.number < planned:
        print(f"# {planned} cases were planned, and {teller.number} told of", flush=True)
    return 1 if teller.has_failed or not 0 < planned <= teller.number else 0


if __name__ == "__main__":
    sys.exit(main())
