# SPDX-License-Identifier: GPL-2.0
"""The HTML report. In a browser it is looked at in tests/measurement."""

import itertools
import re
import tempfile
import unittest
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from memalloc_cli.comparing.comparison import compare
from memalloc_cli.comparing.sides import sides_of
from memalloc_cli.recording import experiment
from memalloc_cli.report.conditions import machine_text
from memalloc_cli.report.elements import Html, element, facts, table
from memalloc_cli.report.page import page

from .synthetic import BUSY, IDLE, Wanted, write

VOID = ("meta", "img")


class Outline(HTMLParser):
    """The elements of a page, all of which have to be closed in their turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.identifiers: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.problems: list[str] = []
        self.feed(text)
        self.problems += [f"{name} is not closed" for name in self.open]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if "id" in known:
            self.identifiers.append(str(known["id"]))
        if "href" in known:
            self.links.append(str(known["href"]))
        if tag == "img" and not known.get("alt"):
            self.problems.append("an image without a text")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"{tag} is closed in another's place")


class Pages(unittest.TestCase):
    """Whole pages."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)

    def page(self, wanted: Wanted | None = None) -> str:
        return page(experiment.open_folder(str(write(self.path / "e", wanted or Wanted()))))

    def test_elements_are_well_nested(self) -> None:
        outline = Outline(self.page())
        self.assertEqual(outline.problems, [])
        self.assertEqual(len(set(outline.identifiers)), len(outline.identifiers))
        for link in outline.links:
            self.assertIn(link.removeprefix("#"), outline.identifiers)
        # No level of headings is left out.
        levels = [int(heading[1]) for heading in outline.headings]
        self.assertEqual(levels[0], 1)
        for before, after in itertools.pairwise(levels):
            self.assertLessEqual(after, before + 1)

    def test_nothing_comes_from_elsewhere(self) -> None:
        text = self.page()
        self.assertIn("default-src 'none'", text)
        self.assertEqual(re.findall(r"https?://|url\(|@import|<script|<link", text), [])

    def test_what_the_module_says_is_no_html(self) -> None:
        text = self.page()
        self.assertIn("Statement 0 &lt;of the guide&gt; &amp; more.", text)

    def test_it_says_what_was_measured(self) -> None:
        text = self.page(Wanted(noise=0, outliers=0))
        for part in (
            "Linux 7.3.4",
            "1 of 4</strong> statements of the guides do not hold here",
            "4 statements of two well-known guides, measured: 1 do not hold here",
            "40 ns</strong> to allocate 64 bytes of kmalloc",
            '<td class="number">40 [40, 40]</td>',
            "Of each time 21 ns were subtracted",
            "2G to 4G",
        ):
            with self.subTest(part):
                self.assertIn(part, text)

    def test_a_time_is_in_one_piece(self) -> None:
        text = self.page(Wanted(commands=("claims",)))
        for minute in ("00", "05"):
            moment = (
                f'<time datetime="2026-11-25T12:{minute}:00Z">2026-11-25 12:{minute}:00 UTC</time>'
            )
            self.assertIn(moment, text)
        self.assertRegex(text, r"\ntime {\n\twhite-space: nowrap;\n}")

    def test_a_machine_is_named_once(self) -> None:
        made = {"vendor": "QEMU", "product": "Standard PC"}
        for name, told in (
            ("desk", "desk (QEMU Standard PC)"),
            ("Standard PC", "QEMU Standard PC"),
        ):
            self.assertEqual(machine_text(name, made), told)

    def test_what_differs_from_another_experiment(self) -> None:
        commands = ("latency allocator=kmalloc via=c", "claims")
        wanted = Wanted(commands=commands, repeat=10, outliers=0)
        folders = [
            str(write(self.path / name, replace(wanted, seed=seed, slowed=slowed)))
            for name, seed, slowed in (("before", 1, {}), ("after", 2, {"kmalloc": 1.5}))
        ]
        found = compare(sides_of(folders))
        text = page(experiment.open_folder(folders[1]), (), found)
        self.assertEqual(Outline(text).problems, [])
        self.assertIn("What differs from before", text)
        self.assertIn("12 worse (R)", text)
        # Once among what differs, and once among all.
        self.assertEqual(text.count(" (R)</td>"), 24)

    def test_an_experiment_of_one_command(self) -> None:
        for seed, command in enumerate(("claims", "malloc", "scale", "compare", "fragment")):
            with self.subTest(command):
                folder = write(self.path / str(seed), Wanted(commands=(command,)))
                text = page(experiment.open_folder(str(folder)))
                self.assertEqual(Outline(text).problems, [])

    def test_verdicts_that_differ_are_counted(self) -> None:
        folder = write(self.path / "e", Wanted(commands=("claims",), repeat=3))
        file = folder / "runs" / "0001-claims.jsonl"
        file.write_text(file.read_text().replace('"holds"', '"not_measured"'))
        text = page(experiment.open_folder(str(folder)))
        self.assertIn("driver guide; 2 of 3 runs", text)

    def test_a_reader_is_warned(self) -> None:
        folder = write(self.path / "e", Wanted(commands=("claims", "scale"), repeat=2))
        about = folder / "experiment.json"
        text = about.read_text().replace('"complete"', '"interrupted"').replace(IDLE, BUSY)
        about.write_text(text)
        (folder / "runs" / "0002-claims.jsonl").unlink(missing_ok=True)
        (folder / "runs" / "0002-scale.jsonl").unlink(missing_ok=True)
        file = next(folder.glob("runs/0001-*.jsonl"))
        file.write_text(file.read_text().replace('"complete"', '"timeout"'))
        shown = page(experiment.open_folder(str(folder)))
        for part in (
            "was not finished (interrupted): 3 of 4",
            "cut short",
            "before, 9.1 tasks ran or waited",
        ):
            self.assertIn(part, shown)
        self.assertNotIn(BUSY, shown)


class Elements(unittest.TestCase):
    """The parts."""

    def test_text_is_escaped_and_html_is_not(self) -> None:
        inner = element("b", "<&>", title='"x"')
        self.assertEqual(inner, '<b title="&quot;x&quot;">&lt;&amp;&gt;</b>')
        self.assertEqual(element("p", inner, Html("<br>")), f"<p>{inner}<br></p>")

    def test_facts_without_a_value_are_left_out(self) -> None:
        self.assertEqual(facts([("a", "")]), "<dl></dl>")

    def test_numbers_stand_on_the_right(self) -> None:
        text = table("T", [{"name": "a", "ns": "12"}, {"name": "b", "ns": "-"}])
        self.assertIn('<th scope="row" class="text">a</th><td class="number">12</td>', text)
