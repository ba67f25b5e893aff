# SPDX-License-Identifier: GPL-2.0
"""Results files, and the tables made of them."""

import unittest

from memalloc_cli import results, table

from . import fixtures
from .fixtures import begin, end, lines, record, series


class Parsing(unittest.TestCase):
    """From lines to runs."""

    def test_runs_are_told_apart(self) -> None:
        text = lines(begin(1), end(1), begin(2), series("kmalloc", 8, run=2), end(2))
        runs = results.parse(text.splitlines())
        self.assertEqual([(run.number, len(run.records)) for run in runs], [(1, 2), (2, 3)])

    def test_runs_with_one_number_are_told_apart(self) -> None:
        # Two files of machines that had both just been started.
        runs = results.parse(lines(begin(1), end(1), begin(1), end(1)).splitlines())
        self.assertEqual(len(runs), 2)

    def test_other_lines_are_refused(self) -> None:
        for line, reason in (
            ("{", "not JSON Lines: results, line 1: "),
            ("[]", "not a record"),
            ('{"schema": 1}', "not a record"),
            (lines(record("x", schema=2)), "schema 2"),
        ):
            with self.subTest(line), self.assertRaisesRegex(results.MalformedError, reason):
                results.parse([line])

    def test_a_file_may_be_cut_short(self) -> None:
        (run,) = results.parse(lines(begin(), series("kmalloc", 8)).splitlines())
        self.assertEqual(run.end, {})
        self.assertIn("the file ends before the run does", table.runs_text([run]))


class Sizes(unittest.TestCase):
    """Numbers of bytes."""

    def test_they_read_back(self) -> None:
        for size in (0, 1, 1023, 1024, 4096, 4097, 3 << 20, (1 << 30) + 1, 5 << 30):
            self.assertEqual(table.parse_bytes(table.bytes_text(size)), size)

    def test_suffixes(self) -> None:
        for text, size in (("4k", 4096), ("4K", 4096), ("2M", 2 << 20), ("1g", 1 << 30)):
            self.assertEqual(table.parse_bytes(text), size)

    def test_other_texts_are_refused(self) -> None:
        for text in ("", "k", "-1", "1.5k", "4kk", "0x10", "\uff14k", "1e3", " 1"):
            with self.subTest(text), self.assertRaises(ValueError):
                table.parse_bytes(text)


class Tables(unittest.TestCase):
    """From records to text."""

    def test_neighbours_of_a_kind_make_a_table(self) -> None:
        records = [series("kmalloc", 4096), series("vmalloc", 100), record("totals", asked=1)]
        self.assertEqual([len(group) for group in results.groups(records)], [2, 1])
        text = table.group_text(records[:2])
        head, first, second = text.splitlines()
        self.assertTrue(head.lstrip().startswith("size  allocator  served by"))
        self.assertIn("4K", first)
        self.assertIn("4/4", first)
        self.assertIn("100", second)
        self.assertNotIn("contiguous of", head)

    def test_no_line_ends_in_a_space(self) -> None:
        text = table.group_text(
            [series("kmalloc", 4096), series("vmalloc", 8, outcome="no memory")]
        )
        self.assertFalse([line for line in text.splitlines() if line != line.rstrip()])

    def test_cells(self) -> None:
        for key, value, expected in (
            ("a", None, "-"),
            ("a", True, "yes"),
            ("a", False, "no"),
            ("a_bytes", 4096, "4K"),
            ("a", 4096, "4096"),
            ("a", 1.5, "1.5"),
            ("a", [1, 2], "1 2"),
        ):
            self.assertEqual(table.cell(key, value), expected)

    def test_long_cells_get_their_own_lines(self) -> None:
        rows = [record("claim", id=f"c{n}", verdict="holds", measured="m" * 60) for n in (1, 2)]
        text = table.group_text(rows)
        self.assertEqual(text.count("\n    measured  mmm"), 2)
        self.assertTrue(text.startswith("id  verdict\nc1  holds\n"))

    def test_a_run_tells_what_was_asked_and_how_it_ended(self) -> None:
        text = lines(
            begin(size="4K", gfp="kernel"),
            series("kmalloc", 8),
            end(status="timeout", reason="out of time"),
        )
        shown = table.runs_text(results.parse(text.splitlines()))
        self.assertTrue(shown.startswith("run 1: sweep size=4K gfp=kernel\nkernel 7.3.4\n"))
        self.assertIn("timeout: out of time; 8 allocations, 0 outstanding, 2 ms", shown)

    def test_a_run_without_records(self) -> None:
        runs = results.parse(lines(begin(), record("tally"), end()).splitlines())
        self.assertEqual(table.runs_text(runs).count("\n"), 4)


class Fixtures(unittest.TestCase):
    """The texts of these tests are those of the module."""

    def test_common_members(self) -> None:
        self.assertEqual(tuple(fixtures.record("x")), results.COMMON)
