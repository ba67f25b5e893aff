# SPDX-License-Identifier: GPL-2.0
"""What may differ between two runs, and what may not."""

import unittest

from docs_outputs.normal import normal

TABLE = """\
   size  allocator  served by   usable   align   runs  contiguous   alloc ns  outcome
     64  kmalloc    slab            64      64      1         4/4        957  ok
    20K  vmalloc    vmalloc        20K      4K      2         0/4      21457  ok
"""
LISTING = """\
run 3: probe

requested bytes         100
usable bytes            128
alignment bytes         256
allocate ns, least      944

  run    pages      offset
    0     1024          +0
    1      512       +4096

complete: 3 allocations, 0 outstanding, 12 ms
"""
BENCH = "kmalloc  64  compile  183.02  0.5702\n172 bars hold, 0 are broken\n"
FACTS = "kernel 7.3.4+deb13-amd64\nmemory_bytes 1005518848\npage_bytes 4096\n"


def is_same(one: str, other: str) -> bool:
    return normal(one.splitlines()) == normal(other.splitlines())


class Normal(unittest.TestCase):
    def check(self, text: str, old: str, new: str, may_differ: bool) -> None:
        self.assertIn(old, text)
        self.assertEqual(is_same(text, text.replace(old, new)), may_differ, f"{old}: {new}")

    def test_times_and_luck_may_differ(self) -> None:
        for old, new in (
            ("      957", "123456789"),
            ("64      1 ", "128      1 "),
            ("  2         0/4", "  1         4/4"),
        ):
            self.check(TABLE, old, new, may_differ=True)
        for old, new in (
            ("256", "128"),
            ("944", "1"),
            ("12 ms", "1222 ms"),
            ("    1      512       +4096\n", ""),
        ):
            self.check(LISTING, old, new, may_differ=True)
        self.assertTrue(is_same("complete: 920 allocations", "complete: 1000 allocations"))
        for old, new in (("183.02", "190.55"), ("0.5702", "0.6")):
            self.check(BENCH, old, new, may_differ=old == "183.02")
        for old, new in (("7.3.4+deb13-amd64", "7.3.5+deb13-amd64"), ("1005518848", "1005510000")):
            self.check(FACTS, old, new, may_differ=True)

    def test_sizes_words_and_numbers_may_not(self) -> None:
        for old, new in (
            ("slab            64", "slab            96"),
            ("kmalloc    slab", "kmalloc    large"),
            ("957  ok", "957  no memory"),
            ("   usable", "   usage "),
            (TABLE.splitlines(keepends=True)[2], ""),
        ):
            self.check(TABLE, old, new, may_differ=False)
        for old, new in (
            ("128", "192"),
            ("run 3", "run 4"),
            ("3 allocations", "4 allocations"),
            ("0 outstanding", "1 outstanding"),
            ("alignment bytes         256\n", ""),
        ):
            self.check(LISTING, old, new, may_differ=False)
        self.check(BENCH, "172 bars", "171 bars", may_differ=False)
        self.check(FACTS, "page_bytes 4096", "page_bytes 16384", may_differ=False)


if __name__ == "__main__":
    unittest.main()
