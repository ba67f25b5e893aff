# SPDX-License-Identifier: GPL-2.0
"""Pages that are made from what the module says of itself."""

import json
import unittest
from pathlib import Path

from docs_outputs import claims, command_line, presets, records, scenarios
from docs_outputs.rst import plain

DOCUMENTATION = Path(__file__).parents[2] / "Documentation"

SCENARIOS = """\
probe: What does it give?
    size=100  bytes asked for: bytes, with k if you like
    node=any  NUMA node: any, or a number

claims: Which hold?
"""

PRESETS = """\
pub(crate) const PRESETS: &[Preset] = &[
    Preset {
        name: "lab-frag",
        meaning: "somebody's bench, frag: \\
                  many pages",
        values: &[
            (Key::Allocator, "pages"),
            (Key::FreeOrder, "fifo"),
        ],
    },
];
"""


def record(kind: str, **members: object) -> str:
    return json.dumps({"schema": 1, "run": 1, "scenario": "claims", "kind": kind, **members})


CLAIM = record(
    "claim",
    id="a-b",
    guide="both guides",
    claim="It is *so*.",
    verdict="holds",
    depends_on=None,
    measured="7 of 7",
)
FACTS = {
    "scenarios": SCENARIOS,
    "kernel": "7.3.4",
    "refusals": {"misuse": "refused: allow_misuse is not set"},
    "results": {"claims": [record("begin", kernel="7.3.4"), CLAIM, record("end", status="x")]},
}


class Reference(unittest.TestCase):
    def test_every_scenario_and_parameter_is_there(self) -> None:
        page = scenarios.page(SCENARIOS, [])
        for part in (".. _scenario-probe:", ".. _parameter-size:", "What does it give?", "``100``"):
            self.assertEqual(page.count(part), 1 + (part == "What does it give?"), part)
        self.assertIn("It takes no parameters.", page)

    def test_words_are_explained(self) -> None:
        order = "    free_order=lifo  in which order: lifo, fifo or shuffled\n"
        page = scenarios.page(SCENARIOS + order, [])
        self.assertIn("   ``fifo``\n      the first one first.\n\n", page)
        with self.assertRaises(scenarios.InconsistentError):
            scenarios.page(SCENARIOS + order.replace("fifo", "first"), [])

    def test_a_parameter_takes_the_same_everywhere(self) -> None:
        other = SCENARIOS + "    node=any  NUMA node: any\n"
        with self.assertRaises(scenarios.InconsistentError):
            scenarios.page(other, [])

    def test_a_parameter_may_mean_something_else_in_a_scenario(self) -> None:
        other = SCENARIOS + "    node=any  each node in turn: any, or a number\n"
        page = scenarios.page(other, [])
        self.assertIn("NUMA node.\n\n   In :ref:`claims <scenario-claims>`: each node in", page)

    def test_presets_are_read_from_the_source(self) -> None:
        (found,) = presets.parse(PRESETS)
        self.assertEqual(found.meaning, "somebody's bench, frag: many pages")
        self.assertEqual(found.values, ["allocator=pages", "free_order=fifo"])
        with self.assertRaises(presets.UnreadError):
            presets.parse(PRESETS.replace('"fifo"', "FIFO"))
        with self.assertRaises(presets.UnreadError):
            presets.parse(PRESETS.replace("meaning", "sense"))

    def test_the_module_and_the_sources_have_the_same_presets(self) -> None:
        found = presets.parse(PRESETS)
        of_module = SCENARIOS + "    preset=none  workload: none or lab-frag\n"
        page = scenarios.page(of_module, found)
        self.assertIn("``allocator=pages`` ``free_order=fifo``", page)
        for text in (SCENARIOS, of_module.replace("none or", "none, other or")):
            with self.assertRaises(scenarios.InconsistentError):
                scenarios.page(text, found)

    def test_records_have_their_types(self) -> None:
        lines = [record("row", size_bytes=1, ok=True), record("row", size_bytes=None, ok=False)]
        self.assertEqual(
            records.kinds_of(lines), {"row": {"size_bytes": {"number", "null"}, "ok": {"boolean"}}}
        )
        page = records.page(FACTS)
        self.assertIn("``claim``", page)
        self.assertNotIn("``status`` - string", page)
        self.assertIn("misuse\n======", page)
        self.assertIn("what it depends on", page)
        lines = [record("row", served_by="slab", size_bytes=1)]
        page = records.page({**FACTS, "results": {"probe": lines}})
        self.assertIn("What the members mean", page)
        self.assertIn("which allocator the memory came from", page)
        self.assertNotIn("usable_witness", page)
        lines = [record("row", size_bytes=1)]
        page = records.page({**FACTS, "results": {"other": lines}})
        self.assertNotIn("What the members mean", page)

    def test_records_of_other_commands_are_those_of_the_sources(self) -> None:
        for name, source in (("probe", "probe.rs"), ("misuse", "misuse/mod.rs")):
            text = (DOCUMENTATION.parent / "lab/scenarios" / source).read_text()
            for kind, members in records.MORE[name][1].items():
                self.assertIn(f'"{kind}"', text)
                for member in members:
                    self.assertIn(f'Column::left("{member}", ', text)

    def test_claims_are_told_but_their_figures_may_differ(self) -> None:
        page = claims.page(FACTS)
        self.assertIn("It is \\*so\\*.", page)
        self.assertIn(":measured: 7 of 7", page)
        other = claims.page({**FACTS, "kernel": "7.4"}).replace("7 of 7", "6 of 6")
        self.assertNotEqual(page, other)
        self.assertEqual(claims.without_figures(page), claims.without_figures(other))
        worse = page.replace("What holds", "What depends")
        self.assertNotEqual(claims.without_figures(page), claims.without_figures(worse))

    def test_every_command_is_there(self) -> None:
        page = command_line.page()
        for name in ("list", "run", "choose"):
            self.assertIn(f"\n{name}\n{'=' * len(name)}\n", page)
        self.assertNotIn("\ncomplete\n", page)
        # make docs-outputs writes it.
        self.assertEqual((DOCUMENTATION / "reference/command-line.rst").read_text(), page)

    def test_text_means_nothing_else(self) -> None:
        self.assertEqual(plain("a* `b` c_ d_e |f|"), r"a\* \`b\` c\_ d_e \|f\|")


if __name__ == "__main__":
    unittest.main()
