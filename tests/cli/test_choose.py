# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what."""

import argparse
import unittest

from memalloc_cli import evidence, questions
from memalloc_cli.choose import INT_MAX, LONG_MAX, ImpossibleError, choose
from memalloc_cli.need import Context, Lifetime, Machine, Need
from memalloc_cli.options import parser
from memalloc_cli.results import parse

from .fixtures import begin, end, lines, record, series

MACHINE = Machine(memory_bytes=8 << 30)


class Rules(unittest.TestCase):
    """The table of what is advised."""

    def test_allocators(self) -> None:
        for size, is_contiguous, allocator in (
            (1, False, "kmalloc"),
            (4096, False, "kmalloc"),
            (4097, False, "kvmalloc"),
            (4 << 20, False, "kvmalloc"),
            ((4 << 20) + 1, False, "vmalloc"),
            (INT_MAX + 1, False, "vmalloc"),
            (1, True, "kmalloc"),
            (8192, True, "kmalloc"),
            (8193, True, "pages"),
            (16 << 10, True, "kmalloc"),
            (13 << 10, True, "kmalloc"),
            (1 << 20, True, "kmalloc"),
            ((1 << 20) + 1, True, "pages"),
            (4 << 20, True, "kmalloc"),
            ((4 << 20) + 1, True, "pages"),
        ):
            with self.subTest(size=size, is_contiguous=is_contiguous):
                advice = choose(Need(size, is_contiguous=is_contiguous), MACHINE)
                self.assertEqual(advice.allocator, allocator)
                self.assertTrue(advice.because)

    def test_what_never_is(self) -> None:
        for need in (
            Need((8 << 30) + 1),
            Need(5 << 20, Context.ATOMIC, is_contiguous=True),
        ):
            with self.subTest(need), self.assertRaises(ImpossibleError):
                choose(need, MACHINE)

    def test_more_than_any_machine_has(self) -> None:
        choose(Need(LONG_MAX), Machine())
        with self.assertRaisesRegex(ImpossibleError, "no machine has more than 9223372036854"):
            choose(Need(LONG_MAX + 1), Machine())
        with self.assertRaisesRegex(ImpossibleError, "the machine has 8589934592 bytes"):
            choose(Need(LONG_MAX + 1), MACHINE)

    def test_calls(self) -> None:
        for need, c_call, c_free, rust in (
            (Need(100), "kmalloc(100, GFP_KERNEL)", "kfree(p)", "KmallocBox<[MaybeUninit<u8>]>"),
            (
                Need(100, Context.ATOMIC, is_zeroed=True),
                "kzalloc(100, GFP_ATOMIC)",
                "kfree(p)",
                "KmallocBox<[u8]>",
            ),
            (
                Need(8 << 20, is_zeroed=True),
                "vzalloc(8388608)",
                "vfree(p)",
                "VmallocBox<[u8]>",
            ),
            (
                Need(8 << 20, Context.ATOMIC, is_zeroed=True),
                "__vmalloc(8388608, GFP_ATOMIC | __GFP_ZERO)",
                "kvfree_atomic(p)",
                "VmallocBox<[u8], NonBlocking>",
            ),
            (
                Need(65536, lifetime=Lifetime.USER),
                "kvmalloc(65536, GFP_KERNEL_ACCOUNT)",
                "kvfree(p)",
                "KvmallocBox<[MaybeUninit<u8>]>",
            ),
            (
                Need(65536, Context.ATOMIC_FREE),
                "kvmalloc(65536, GFP_KERNEL)",
                "kvfree_atomic(p)",
                "KvmallocBox<[MaybeUninit<u8>], NonBlocking>",
            ),
            (
                Need(20480, is_contiguous=True, is_zeroed=True),
                "alloc_pages_exact(20480, GFP_KERNEL | __GFP_ZERO)",
                "free_pages_exact(p, 20480)",
                "PageRun<u8>",
            ),
            (
                Need(65536, Context.INTERRUPT),
                "kmalloc(65536, GFP_ATOMIC)",
                "kfree(p)",
                "KmallocBox<[MaybeUninit<u8>]>",
            ),
        ):
            with self.subTest(need):
                advice = choose(need, MACHINE)
                self.assertEqual((advice.c_call, advice.c_free), (c_call, c_free))
                self.assertEqual(advice.rust_type, rust)

    def test_what_is_freed_where_sleeping_is_forbidden_is_handed_over(self) -> None:
        advice = choose(Need(65536, Context.ATOMIC_FREE), MACHINE)
        made = "KvmallocBox::bytes(Bytes::new(65536)?, Gfp::KERNEL)?"
        self.assertEqual(advice.rust_call, f"{made}.into_non_blocking()")

    def test_the_flags_are_words_of_the_laboratory(self) -> None:
        for context in Context:
            for lifetime in Lifetime:
                for size in (100, 65536, 8 << 20):
                    if context is Context.INTERRUPT and size > MACHINE.kmalloc_max_bytes:
                        continue
                    advice = choose(Need(size, context, lifetime=lifetime), MACHINE)
                    base, *modifiers = advice.gfp.split("+")
                    self.assertIn(base, ("kernel", "atomic", "nowait"))
                    self.assertEqual(modifiers, ["account"] if lifetime is Lifetime.USER else [])

    def test_nothing_in_an_interrupt_comes_from_vmalloc(self) -> None:
        for size in (1, 4096, 4097, 65536, 4 << 20):
            advice = choose(Need(size, Context.INTERRUPT), MACHINE)
            self.assertEqual((advice.allocator, advice.others), ("kmalloc", ["pages"]))
        with self.assertRaises(ImpossibleError):
            choose(Need((4 << 20) + 1, Context.INTERRUPT), MACHINE)
        atomic = choose(Need(65536, Context.ATOMIC), MACHINE)
        self.assertTrue(any("--context interrupt" in reason for reason in atomic.because))

    def test_commands(self) -> None:
        need = Need(65536, is_zeroed=True)
        commands = list(evidence.commands(need, choose(need, MACHINE)))
        self.assertEqual(
            [allocator for allocator, _ in commands], ["kvmalloc", "kmalloc", "vmalloc"]
        )
        self.assertIn("probe allocator=kvmalloc size=65536", commands[0][1])
        self.assertTrue(all(command.endswith("zero=yes") for _, command in commands))


class Evidence(unittest.TestCase):
    """What results files say about it."""

    def test_the_next_larger_size_is_taken(self) -> None:
        text = lines(
            begin(),
            series("kmalloc", 64),
            series("kmalloc", 128, usable_min_bytes=128),
            series("kmalloc", 256),
            series("vmalloc", 128, allocate_min_ns=9000),
            end(),
        )
        need = Need(100)
        files = [("a.jsonl", parse(text.splitlines()))]
        found = list(evidence.offline(files, need, choose(need, MACHINE)))
        self.assertEqual(
            [(one.allocator, one.size_bytes) for one in found], [("kmalloc", 128), ("vmalloc", 128)]
        )
        self.assertEqual(found[1].allocate_ns, 9000)
        self.assertIn("kernel 7.3.4", found[0].source)

    def test_refusals_are_told(self) -> None:
        refused = series("kmalloc", 8 << 20, usable_min_bytes=None, outcome="refused: too large")
        (run,) = parse(lines(begin(), refused, end()).splitlines())
        (found,) = evidence.measurements(run, "x")
        self.assertEqual(found.row()["usable"], "-")
        self.assertEqual(found.outcome, "refused: too large")

    def test_probes_are_understood(self) -> None:
        text = lines(
            begin(),
            record("allocation", allocator="kmalloc", size_bytes=100, usable_bytes=128),
            record(
                "totals",
                asked=64,
                allocated=63,
                contiguous=63,
                usable_min_bytes=128,
                allocate_min_ns=400,
                outcome="ok",
            ),
            end(),
        )
        (run,) = parse(text.splitlines())
        (found,) = evidence.measurements(run, "x")
        self.assertEqual((found.allocated, found.usable_bytes, found.size_bytes), (63, 128, 100))

    def test_waste_is_told_if_it_was_measured(self) -> None:
        text = lines(begin(), series("kmalloc", 520, usable_min_bytes=1024), end())
        files = [("a.jsonl", parse(text.splitlines()))]
        reason = "kmalloc gives 1K for it, of which 49 % are waste"
        for size, is_told in ((520, True), (500, False)):
            need = Need(size)
            advice = choose(need, MACHINE)
            found = evidence.with_waste(need, advice, list(evidence.offline(files, need, advice)))
            self.assertEqual(reason in found.because, is_told)
            self.assertEqual(evidence.with_waste(need, advice, []), advice)

    def test_nothing_known_is_said(self) -> None:
        advice = choose(Need(100), MACHINE)
        self.assertIn("no measurement", evidence.advice_text(advice, []))


class Questions(unittest.TestCase):
    """What is asked."""

    def options(self, *words: str) -> argparse.Namespace:
        return parser().parse_args(["choose", *words])

    def test_options_answer_all(self) -> None:
        options = self.options(
            "--size", "4k", "--context", "atomic", "--zero", "--contiguous", "--lifetime", "user"
        )
        need = questions.need_of(options, None)
        self.assertEqual(need, Need(4096, Context.ATOMIC, True, True, Lifetime.USER))

    def test_nobody_to_ask(self) -> None:
        with self.assertRaises(questions.UnansweredError):
            questions.need_of(self.options(), None)

    def test_the_person_is_asked_until_it_is_an_answer(self) -> None:
        answers = iter(["x", "0", "2M", "at", "atomic-", "", "maybe", "y", "u"])
        asked: list[str] = []

        def ask(question: str) -> str:
            asked.append(question.splitlines()[0])
            return next(answers)

        need = questions.need_of(self.options(), ask)
        self.assertEqual(need, Need(2 << 20, Context.ATOMIC_FREE, False, True, Lifetime.USER))
        self.assertEqual(list(answers), [])
        self.assertEqual(asked[1], "'x' is not a size; write bytes, or 4k, 2M, 1G")
        self.assertEqual(asked[2], "'0' is not enough; at least 1 byte")
        self.assertEqual(asked[4], "'at' may be atomic or atomic-free")
        self.assertEqual(asked[7], "'maybe' is none of no, yes")

    def test_what_is_given_is_not_asked(self) -> None:
        answers = iter(["100", "", ""])
        options = self.options("--context", "sleep", "--no-contiguous")
        self.assertEqual(questions.need_of(options, lambda _: next(answers)), Need(100))
