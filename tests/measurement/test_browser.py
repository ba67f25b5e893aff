# SPDX-License-Identifier: GPL-2.0
"""The HTML report in a browser: on a screen, on a phone, without a network."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any, ClassVar

from memalloc_cli.figures import save
from memalloc_cli.recording import experiment
from memalloc_cli.report.page import page

from tests.cli.synthetic import Wanted, write

FRAME = """\
<!DOCTYPE html>
<meta charset="utf-8">
<body style="margin:0">
<iframe id="frame" src="report.html" style="border:0;width:{width}px;height:30000px"></iframe>
<pre id="answer"></pre>
<script>
const frame = document.getElementById("frame");

// What is drawn behind an element's text.
function background(element) {{
	for (; element; element = element.parentElement) {{
		const color = frame.contentWindow.getComputedStyle(element).backgroundColor;
		if (!/, 0\\)$/.test(color)) {{
			return color;
		}}
	}}
	return "rgb(255, 255, 255)";
}}

// The relative luminance of WCAG 2.
function luminance(color) {{
	const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {{
		const share = part / 255;
		return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}});
	return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}}

function contrast(element) {{
	const one = luminance(frame.contentWindow.getComputedStyle(element).color);
	const other = luminance(background(element));
	return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}}

function isText(node) {{
	return node.nodeType === Node.TEXT_NODE && node.data.trim();
}}

function name(element) {{
	return `${{element.tagName}}.${{element.className}}: ${{element.textContent.slice(0, 60)}}`;
}}

frame.onload = () => {{
	const page = frame.contentDocument;
	for (const details of page.querySelectorAll("details")) {{
		details.open = true;
	}}
	const all = [...page.body.querySelectorAll("*")];
	const box = (element) => element.getBoundingClientRect();
	document.getElementById("answer").textContent = JSON.stringify({{
		width: page.documentElement.clientWidth,
		scroll_width: page.documentElement.scrollWidth,
		beyond: all
			.filter((element) => !element.parentElement.closest(".wide"))
			.filter((element) => box(element).right > {width} + 0.5 && !element.matches(".skip"))
			.map(name),
		images: [...page.images].map((image) => [image.complete && image.naturalWidth, image.alt]),
		faint: all
			.filter((element) => [...element.childNodes].some(isText))
			.filter((element) => contrast(element) < 4.5)
			.map(name),
		tables: [...page.querySelectorAll("table")].map((table) => table.caption !== null),
		sections: [...page.querySelectorAll("main > section")].map((section) => section.id),
	}});
}};
</script>
"""
# The mark of blink_resource_loader in the browser's log of its network.
OF_PAGES = 101845102
# A browser of its own.
BROWSER = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--allow-file-access-from-files",
)


class Browser(unittest.TestCase):
    """A report of an experiment that nobody recorded."""

    folder: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        recorded = experiment.open_folder(str(write(cls.folder / "e", Wanted())))
        text = page(recorded, save.draw_all(recorded))
        (cls.folder / "report.html").write_text(text, encoding="utf-8")

    def browse(self, file: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Lets the browser load a file of the folder."""
        own = (f"--user-data-dir={self.folder / 'profile'}", "--enable-logging=stderr")
        return subprocess.run(
            [*BROWSER, *own, *options, f"file://{self.folder / file}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )

    def look(self, width: int) -> dict[str, Any]:
        """What the page is like in a window of this width."""
        (self.folder / "frame.html").write_text(FRAME.format(width=width), encoding="utf-8")
        done = self.browse("frame.html", "--virtual-time-budget=20000", "--dump-dom")
        answer = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout, re.DOTALL)
        assert answer and answer[1], done.stderr
        text = answer[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        found: dict[str, Any] = json.loads(text)
        return found

    def requests(self, file: str) -> list[str]:
        """What the browser asks of a network when it shows a file."""
        log = self.folder / "net.json"
        self.browse(file, f"--log-net-log={log}", "--virtual-time-budget=5000", "--dump-dom")
        # The browser asks its makers for this and that. What pages ask for has a mark.
        request = rf'"traffic_annotation":{OF_PAGES},"url":"(https?:[^"]*)"'
        return re.findall(request, log.read_text(encoding="utf-8"))

    def test_it_fits_a_phone_and_a_screen(self) -> None:
        for width in (390, 1280):
            found = self.look(width)
            with self.subTest(width=width):
                self.assertEqual(found["width"], width)
                self.assertEqual(found["scroll_width"], width)
                self.assertEqual(found["beyond"], [])

    def test_all_is_there_and_can_be_read(self) -> None:
        found = self.look(800)
        self.assertEqual(
            found["sections"],
            ["machine", "allocators", "claims", "plots", "measurements", "recording"],
        )
        self.assertEqual(len(found["images"]), 9)
        for width, text in found["images"]:
            self.assertGreater(width, 100)
            self.assertGreater(len(text), 60)
        self.assertGreaterEqual(len(found["tables"]), 8)
        self.assertTrue(all(found["tables"]))
        self.assertEqual(found["faint"], [])

    def test_it_asks_no_network(self) -> None:
        self.assertEqual(self.requests("report.html"), [])
        # That a request would have been seen.
        (self.folder / "asking.html").write_text('<img src="http://127.0.0.1:9/x.png">')
        self.assertEqual(self.requests("asking.html")[:1], ["http://127.0.0.1:9/x.png"])

    def test_the_browser_has_nothing_to_complain_of(self) -> None:
        done = self.browse("report.html", "--virtual-time-budget=5000", "--dump-dom")
        self.assertEqual(re.findall(r".*CONSOLE.*", done.stderr), [])
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        text = text.replace("</body>", "<script>x()</script></body>")
        (self.folder / "bad.html").write_text(text, encoding="utf-8")
        done = self.browse("bad.html", "--virtual-time-budget=5000", "--dump-dom")
        self.assertIn("Content Security Policy", done.stderr)

    def test_it_can_be_printed(self) -> None:
        pdf = self.folder / "report.pdf"
        self.browse("report.html", f"--print-to-pdf={pdf}")
        data = pdf.read_bytes()
        self.assertTrue(data.startswith(b"%PDF-"))
        pages = len(re.findall(rb"/Type\s*/Page\b", data))
        self.assertGreater(pages, 3)
        self.assertLess(pages, 40)
