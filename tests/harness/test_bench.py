# SPDX-License-Identifier: GPL-2.0
"""What the benchmark's report makes of a log that is not whole."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bars
import operations
from figures import SIZES, Figure, Row

BENCH = Path(operations.__file__).parent
# What an operation costs on a path, so that all bars hold.
COSTS_NS = {"c": 100, "library": 100, "kernel": 300}
# What the kernel crate does not have.
NOT_THERE = ("alloc_pages", "timing")


def log_lines(not_there: tuple[str, ...] = NOT_THERE) -> list[str]:
    """What the module logs, in its order."""
    sizes = {("_checked" in suffix, known): size for size, (suffix, known) in SIZES.items()}
    lines = []
    for row in operations.rows():
        op = row.op.removesuffix("_checked")
        size = sizes[op != row.op, row.size_known]
        for via in operations.PATHS:
            time_ns = 10 + COSTS_NS[via]
            told = (
                f"rounds=1 min_ns={time_ns} median_ns={time_ns} high_ns={time_ns} empty_ns=10"
                if via != "kernel" or op not in not_there
                else "not_there"
            )
            lines.append(
                f"[    1.5] rust_bench: op={op} size_bytes={row.size_bytes} size={size} via={via} "
                f"{told}\n"
            )
    return lines


class Logs(unittest.TestCase):
    """Logs of which something is cut off, or lost."""

    def report(self, lines: list[str]) -> tuple[int, list[str]]:
        """The status of report.py, and what it prints."""
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            log.write_text("".join(lines))
            words = [sys.executable, "-B", f"{BENCH}/report.py", f"{log}", f"{folder}/figures"]
            done = subprocess.run([*words, "--unit", "ns"], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout.splitlines()

    def test_all_operations_are_known(self) -> None:
        table = operations.TABLE.read_text()
        self.assertEqual(len(operations.LINE.findall(table)), table.count("rows!(visit,"))
        rows = [str(row) for row in operations.rows()]
        self.assertGreater(len(rows), 100)
        self.assertEqual(len(rows), len(set(rows)))

    def test_a_whole_log_is_reported(self) -> None:
        status, lines = self.report(log_lines())
        self.assertEqual(status, 0)
        self.assertRegex(lines[-1], "^[0-9]+ bars hold, 0 are broken$")

    def test_a_log_that_is_cut_is_refused(self) -> None:
        whole = log_lines()
        first = (
            "kmalloc, 8 bytes, size known at compile time: there is no figure of c, library, kernel"
        )
        status, lines = self.report(whole[3:])
        self.assertEqual((status, lines[0], len(lines)), (1, first, 2))
        self.assertRegex(lines[1], "is not whole: of 1 rows, figures are missing")
        # Of the line before the last, a part is there.
        status, lines = self.report([*whole[:-2], whole[-2][:60]])
        self.assertEqual(status, 1)
        self.assertRegex(lines[0], "^timing, 0 bytes, .*: there is no figure of library, kernel$")
        status, lines = self.report([])
        self.assertEqual((status, len(lines)), (1, len(list(operations.rows())) + 1))

    def test_an_operation_may_be_missing_in_the_kernel_crate(self) -> None:
        status, lines = self.report(log_lines((*NOT_THERE, "kcalloc")))
        self.assertEqual(status, 0)
        self.assertRegex(lines[-1], "^[0-9]+ bars hold, 0 are broken$")
        rows = [line.split() for line in lines if line.startswith("kcalloc ")]
        self.assertNotEqual(rows, [])
        self.assertEqual({(row[5], row[-1]) for row in rows}, {("-", "-")})
        # A bar is broken that cannot be looked at.
        status, lines = self.report(log_lines((*NOT_THERE, "kmalloc")))
        self.assertEqual(status, 1)
        self.assertIn("library and kernel were not both measured", "\n".join(lines))

    def test_nobody_is_asked_to_cost_less_than_c(self) -> None:
        for c_ns, library_ns, kernel_ns, broken in (
            (90, 90, 300, 0),
            (90, 90, 100, 0),
            (90, 95, 150, 1),
            (60, 95, 150, 1),
        ):
            row = Row("kmalloc", 64, "compile")
            for via, cost_ns in {"c": c_ns, "library": library_ns, "kernel": kernel_ns}.items():
                row.via[via] = Figure(row.op, row.size_bytes, row.size_known, via, cost_ns, 0)
            told = [line for line in bars.check([row], False).broken if "÷ kernel" in line]
            self.assertEqual(len(told), broken, (c_ns, library_ns, kernel_ns))

    def test_a_row_without_the_library_is_refused(self) -> None:
        lines = log_lines()
        lines.remove(next(line for line in lines if "op=vmalloc" in line and "via=library" in line))
        status, told = self.report(lines)
        self.assertEqual(status, 1)
        self.assertRegex(told[0], "^vmalloc, 4096 bytes, .*: there is no figure of library$")
