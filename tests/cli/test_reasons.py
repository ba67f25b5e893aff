# SPDX-License-Identifier: GPL-2.0
"""Which allocator for what: the reasons that are given."""

import re
import unittest

from memalloc_cli.choose import INT_MAX, choose
from memalloc_cli.interface import facts_of
from memalloc_cli.need import Context, Lifetime, Machine, Need

from .fixtures import ENVIRONMENT

MACHINE = Machine(memory_bytes=8 << 30)


class Reasons(unittest.TestCase):
    """Which reason is given for what."""

    def test_a_device_is_told_of_the_dma_api(self) -> None:
        for size in (100, 20 << 10, 64 << 10, 5 << 20):
            for is_contiguous in (True, False):
                because = choose(Need(size, is_contiguous=is_contiguous), MACHINE).because
                told = [reason for reason in because if "dma_alloc_coherent()" in reason]
                self.assertEqual(len(told), int(is_contiguous), because)

    def test_blocks_that_may_fail_are_told(self) -> None:
        for need, told in (
            (Need(32 << 10, is_contiguous=True), []),
            (Need((32 << 10) + 1, is_contiguous=True), ["fragmented", "tries again"]),
            (Need(64 << 10, is_contiguous=True), ["fragmented", "tries again"]),
            (Need(64 << 10, Context.ATOMIC, is_contiguous=True), ["fragmented"]),
            (Need(64 << 10, Context.INTERRUPT), ["fragmented"]),
            (Need(64 << 10), []),
        ):
            with self.subTest(need):
                because = " ".join(choose(need, MACHINE).because)
                found = [word for word in ("fragmented", "tries again") if word in because]
                self.assertEqual(found, told)
        large_pages = MACHINE._replace(page_bytes=64 << 10)
        reasons = choose(Need(128 << 10, is_contiguous=True), large_pages).because
        self.assertNotIn("fragmented", " ".join(reasons))

    def test_huge_mappings_are_told(self) -> None:
        for need, told in (
            (Need(6 << 20), ["kvmalloc() and vmalloc_huge()"]),
            (Need(6 << 20, Context.ATOMIC_FREE), ["kvmalloc() and vmalloc_huge()"]),
            # Both sleep for that.
            (Need(6 << 20, Context.ATOMIC), []),
            (Need(INT_MAX + 1), ["vmalloc_huge()"]),
            (Need(4 << 20), []),
        ):
            with self.subTest(need):
                because = choose(need, MACHINE).because
                found = re.findall(r"it maps single pages; (.+?) may map", " ".join(because))
                self.assertEqual(found, told)

    def test_small_objects_may_have_a_cache(self) -> None:
        for need, is_told in (
            (Need(520), True),
            (Need(4096, Context.INTERRUPT), True),
            (Need(100, is_contiguous=True), True),
            (Need(4097), False),
            (Need(8192, is_contiguous=True), False),
        ):
            with self.subTest(need):
                because = choose(need, MACHINE).because
                self.assertEqual(any("slab cache" in reason for reason in because), is_told)

    def test_realtime_kernels_have_places_where_nothing_allocates(self) -> None:
        environment = facts_of(f"{ENVIRONMENT}CONFIG_PREEMPT_RT y\n")
        for machine, told in (
            (Machine.of(environment), [context is not Context.SLEEP for context in Context]),
            (Machine.of({**environment, "CONFIG_PREEMPT_RT": "n"}), [False] * len(Context)),
            (MACHINE, [False] * len(Context)),
        ):
            reasons = [choose(Need(100, context), machine).because for context in Context]
            self.assertEqual([any("PREEMPT_RT" in r for r in one) for one in reasons], told)

    def test_what_charges_nobody_is_not_asked_to(self) -> None:
        need = Need(8 << 20, is_contiguous=True, lifetime=Lifetime.USER)
        advice = choose(need, MACHINE)
        self.assertEqual(
            advice.rust_call, "PageRun::contiguous(2048 pages, Gfp::KERNEL, Node::ANY)?"
        )
        self.assertNotIn("ACCOUNT", advice.c_call)
        self.assertTrue(any("charges no cgroup" in reason for reason in advice.because))
