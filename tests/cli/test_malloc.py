# SPDX-License-Identifier: GPL-2.0
"""malloc: parameters, pages, and what is measured of this very process."""

import json
import mmap
import os
import unittest
from array import array
from pathlib import Path

from memalloc_cli.malloc import pagemap, process, scenario, text
from memalloc_cli.malloc.libc import Heap, Library, Times, timed
from memalloc_cli.malloc.series import measure
from memalloc_cli.results import parse

PAGE = pagemap.PAGE_BYTES


class Parameters(unittest.TestCase):
    """What may be asked for."""

    def test_defaults(self) -> None:
        wanted = scenario.parameters([])
        self.assertEqual(wanted.sizes_bytes, [64, 1024, 16384, 262144, 4194304])

    def test_steps(self) -> None:
        wanted = scenario.parameters(["from=100", "to=1k", "step=400", "count=2", "repeat=3"])
        self.assertEqual(wanted.sizes_bytes, [100, 500, 900])
        self.assertEqual((wanted.held_at_once, wanted.rounds), (2, 3))

    def test_what_is_refused(self) -> None:
        for pair, reason in (
            ("size=4", "malloc takes from="),
            ("from", "malloc takes from="),
            ("from=0", "bytes from 1"),
            ("from=2G", "bytes from 1"),
            ("from=8M", "less than from"),
            ("step=x1", "xN to multiply"),
            ("step=y", "not a size"),
            ("step=0", "bytes from 1"),
            ("count=0", "a number from"),
            ("repeat=-1", "a number from"),
            ("count=65536", "are more than"),
        ):
            with self.subTest(pair), self.assertRaisesRegex(scenario.RefusedError, reason):
                scenario.parameters([pair])


class Pages(unittest.TestCase):
    """What pagemap says."""

    def pages(self, *frames: int | None) -> pagemap.Pages:
        entries = [0 if frame is None else pagemap.PRESENT | frame for frame in frames]
        return pagemap.pages_of(array("Q", entries))

    def test_runs(self) -> None:
        for frames, expected in (
            ((7, 8, 9), (3, 3, 1, 3)),
            ((7, 9, 8), (3, 3, 3, 1)),
            ((7, None, 8), (3, 2, 2, 1)),
            ((None, None), (2, 0, 0, 0)),
            ((5, 4, 3), (3, 3, 3, 1)),
        ):
            with self.subTest(frames):
                self.assertEqual(tuple(self.pages(*frames)), expected)

    def test_whoever_may_not_know_is_told_nothing(self) -> None:
        found = self.pages(0, 0, None)
        self.assertEqual((found.resident, found.runs, found.is_contiguous), (2, None, None))

    def test_contiguous(self) -> None:
        self.assertTrue(self.pages(7, 8).is_contiguous)
        self.assertFalse(self.pages(7, None).is_contiguous)
        self.assertFalse(self.pages(7, 9).is_contiguous)

    def test_memory_comes_with_the_first_touch(self) -> None:
        with mmap.mmap(-1, 16 * PAGE) as memory, pagemap.Pagemap() as pages:
            import ctypes

            address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
            self.assertEqual(pages.look(address, 16 * PAGE).resident, 0)
            memory[3 * PAGE] = 1
            # One page, or with huge pages all of them.
            self.assertGreaterEqual(pages.look(address, 16 * PAGE).resident, 1)
            self.assertEqual(
                pages.look(address + 3 * PAGE, 1), pages.look(address + 3 * PAGE, PAGE)
            )
            self.assertEqual(pages.look(address + PAGE - 1, 2).total, 2)


class Library_(unittest.TestCase):  # noqa: N801 # the other name is taken
    """The functions of the C library."""

    def test_usable_is_what_was_asked_for_or_more(self) -> None:
        library = Library()
        for size_bytes in (1, 24, 25, 1000, 1 << 20):
            address = library.malloc(size_bytes)
            self.assertGreaterEqual(library.usable_size(address), size_bytes)
            self.assertEqual(address % 8, 0)
            library.memset(address, 0, size_bytes)
            self.assertTrue(library.is_zeroed(address, size_bytes))
            library.memset(address + size_bytes - 1, 7, 1)
            self.assertFalse(library.is_zeroed(address, size_bytes))
            library.free(address)

    def test_the_impossible_is_none(self) -> None:
        self.assertIsNone(Library().malloc(1 << 62))

    def test_what_calling_costs_is_taken_off(self) -> None:
        times = Times([10, 12, 11])
        self.assertIsNone(times.min_ns)
        for elapsed_ns in (110, 9, 60):
            times.add(elapsed_ns)
        self.assertEqual((times.min_ns, times.p50_ns), (0, 49))

    def test_a_call_takes_time(self) -> None:
        done = timed(max, 3, 4)
        self.assertEqual(done.value, 4)
        self.assertGreater(done.elapsed_ns, 0)

    def test_where_memory_lies(self) -> None:
        maps = Path(os.devnull)
        self.assertEqual(Heap(str(maps)).served_by(4096), "mmap")


class Measuring(unittest.TestCase):
    """The whole of it."""

    def test_untouched_memory_is_not_there(self) -> None:
        lines = process.lines(["from=8M", "to=8M", "count=1", "repeat=1"])
        (run,) = parse(lines.splitlines())
        (found,) = run.of_kind("malloc")
        self.assertEqual((found["outcome"], found["came_zeroed"]), ("ok", True))
        self.assertLess(found["resident_before_pages"], found["pages"] // 2)
        self.assertEqual(found["resident_after_pages"], found["pages"])
        self.assertGreater(found["touch_min_ns"], 0)

    def test_no_memory_is_told(self) -> None:
        with pagemap.Pagemap() as pages:
            series = measure(Library(), pages, 1 << 62, 2, 2)
        self.assertEqual((series.outcome, series.allocated), ("no memory", 0))
        self.assertEqual(set(series.figures().values()), {None})

    def test_records_have_the_form_of_the_laboratory(self) -> None:
        (run,) = parse(process.lines(["from=64", "to=4k", "step=x8", "repeat=2"]).splitlines())
        self.assertEqual(run.end["status"], "complete")
        self.assertEqual([one["size_bytes"] for one in run.of_kind("malloc")], [64, 512, 4096])
        self.assertEqual(run.end["allocations"], 3 * 4 * 2)
        self.assertGreaterEqual(run.of_kind("limit")[0]["limit_bytes"], 1 << 20)
        shown = text.alone(run)
        self.assertEqual(len([line for line in shown.splitlines() if " malloc " in line]), 3)

    def test_a_process_that_fails_is_told(self) -> None:
        with self.assertRaisesRegex(process.FailedError, "malloc from=0: from=0"):
            process.lines(["from=0"])

    def test_beside_the_kernel(self) -> None:
        (run,) = parse(json.dumps(one) for one in scenario.records(scenario.parameters(["to=64"])))
        row = run.of_kind("malloc")[0]
        kernel = {**row, "allocator": "kmalloc"}
        del kernel["touch_min_ns"]
        lines = text.beside([row, kernel]).splitlines()
        self.assertEqual([line.split()[1] for line in lines[1:]], ["kmalloc", "malloc"])
        wanted = scenario.parameters(["to=64"])
        self.assertEqual(text.command(wanted), "compare from=64 to=64 step=x16 count=4 repeat=8")
