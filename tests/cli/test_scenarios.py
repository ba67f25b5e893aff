# SPDX-License-Identifier: GPL-2.0
"""The file `scenarios`."""

import unittest

from memalloc_cli import scenarios

from . import fixtures


class Parsing(unittest.TestCase):
    """What the text says."""

    def setUp(self) -> None:
        self.known = scenarios.parse(fixtures.SCENARIOS)

    def test_names_and_questions(self) -> None:
        self.assertEqual([one.name for one in self.known], ["probe", "sweep", "claims"])
        self.assertEqual(self.known[2].question[:16], "Which statements")

    def test_parameters(self) -> None:
        probe = self.known[0]
        self.assertEqual(len(probe.parameters), 6)
        order = probe.parameters[2]
        self.assertEqual((order.key, order.default), ("order", "none"))
        self.assertTrue(order.meaning.endswith("with pages only"))
        self.assertTrue(order.accepts.startswith("an order from"))
        self.assertEqual(self.known[2].parameters, [])

    def test_other_texts_are_refused(self) -> None:
        for text in ("    size=1  bytes: bytes\n", "no question\n", "probe: Q?\n  size=1\n"):
            with self.subTest(text), self.assertRaises(scenarios.MalformedError):
                scenarios.parse(text)

    def test_an_empty_text_has_none(self) -> None:
        self.assertEqual(scenarios.parse(""), [])


class Showing(unittest.TestCase):
    """What people see."""

    def setUp(self) -> None:
        self.known = scenarios.parse(fixtures.SCENARIOS)

    def test_a_line_each(self) -> None:
        lines = scenarios.overview(self.known).splitlines()
        self.assertEqual(len(lines), 3)
        self.assertTrue(lines[0].startswith("probe   What"))

    def test_all_about_one(self) -> None:
        text = scenarios.explain(self.known[0])
        self.assertIn("gfp=kernel\n    allocation flags", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertIn("size=100\n    bytes asked for\n    bytes from 1 to 92233720", text)
        self.assertIn("no parameters", scenarios.explain(self.known[2]))

    def test_what_means_the_same_is_told_once(self) -> None:
        one = scenarios.Parameter("count", "1", "allocations", "allocations, from 1 to 65536")
        text = scenarios.explain(scenarios.Scenario("probe", "Q?", [one]))
        self.assertEqual(text, "probe: Q?\n\ncount=1\n    allocations, from 1 to 65536\n")

    def test_close_names_are_found(self) -> None:
        self.assertEqual(scenarios.closest(self.known, "porbe"), ["probe"])
        self.assertIsNone(scenarios.find(self.known, "porbe"))
