# SPDX-License-Identifier: GPL-2.0
"""Drawings: that there are all of them, and what is in them."""

import os
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
from memalloc_cli.figures import by_size, cache, distribution, save, style, waste
from memalloc_cli.figures.drawing import Drawing
from memalloc_cli.recording import experiment

from .synthetic import COMMANDS, Wanted, write

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAMES = [
    "staircase",
    "waste",
    "size-latency",
    "latency-64",
    "latency-4096",
    "latency-65536",
    "scaling",
    "fragmentation",
    "vmalloc-runs",
]


class Noise(unittest.TestCase):
    """What matplotlib has to say of the machine."""

    def test_a_home_that_cannot_be_written(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        program = "import memalloc_cli.figures.save, os; print(os.environ['MPLCONFIGDIR'])"
        done = subprocess.run(
            [sys.executable, "-B", "-c", program],
            capture_output=True,
            text=True,
            env={**kept, "HOME": "/dev/null", "PYTHONPATH": str(SCRIPTS)},
            check=True,
        )
        self.assertEqual(done.stderr, "")
        self.assertFalse(Path(done.stdout.strip()).exists())

    def test_what_can_be_written_is_taken(self) -> None:
        for variable in ("HOME", "MPLCONFIGDIR"):
            with (
                tempfile.TemporaryDirectory() as folder,
                mock.patch.dict(os.environ, {variable: folder}, clear=True),
            ):
                cache.make_room()
                self.assertEqual(os.environ.get("MPLCONFIGDIR", folder), folder)


class Drawings(unittest.TestCase):
    """Of experiments that nobody recorded."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)

    def draw(self, wanted: Wanted) -> list[Drawing]:
        folder = write(self.path / f"e{wanted.seed}", wanted)
        return save.draw_all(experiment.open_folder(str(folder)))

    def test_all_subjects_are_drawn(self) -> None:
        drawings = self.draw(Wanted())
        self.assertEqual([drawing.name for drawing in drawings], NAMES)
        for drawing in drawings:
            with self.subTest(drawing.name):
                self.assertGreater(len(drawing.alt), 60)
                self.assertTrue(drawing.caption.endswith("."))
                for axes in drawing.figure.axes:
                    self.assertTrue(axes.get_xlabel() and axes.get_ylabel())
                    self.assertTrue(axes.lines)

    def test_sizes_are_written_as_elsewhere(self) -> None:
        drawings = {one.name: one for one in self.draw(Wanted())}
        for name, size in (("latency-64", "64 bytes"), ("latency-4096", "4K")):
            self.assertEqual(drawings[name].title, f"Distribution of latencies at {size}")

    def test_what_was_not_measured_is_not_drawn(self) -> None:
        for seed, (commands, names) in enumerate(
            (
                (("claims",), []),
                (("scale",), ["scaling"]),
                (("sweep count=4",), ["staircase", "waste", "size-latency"]),
                (("fragment",), ["fragmentation", "vmalloc-runs"]),
                (("malloc",), ["staircase", "waste"]),
            )
        ):
            with self.subTest(commands):
                drawings = self.draw(Wanted(seed=seed, commands=commands))
                self.assertEqual([drawing.name for drawing in drawings], names)

    def test_lines_are_told_apart_without_colour(self) -> None:
        for drawing in self.draw(Wanted()):
            if drawing.name in ("size-latency", "scaling"):
                for axes in drawing.figure.axes:
                    looks = Counter(
                        (line.get_linestyle(), line.get_marker(), line.get_markersize())
                        for line in axes.lines
                        if line.get_marker() != "None"
                    )
                    self.assertEqual(max(looks.values()), 1)

    def test_files(self) -> None:
        drawings = self.draw(Wanted(commands=("classes", "sweep count=4", "scale")))
        paths = list(save.save(drawings, str(self.path / "plots")))
        self.assertEqual(len(paths), 2 * len(drawings))
        for path in map(Path, paths):
            data = path.read_bytes()
            if path.suffix == ".png":
                self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
                width = struct.unpack(">I", data[16:20])[0]
                self.assertEqual(width, style.WIDTH_INCHES * save.DOTS_PER_INCH)
            else:
                self.assertTrue(ElementTree.fromstring(data).tag.endswith("svg"))

    def test_a_drawing_of_the_same_is_the_same(self) -> None:
        wanted = Wanted(seed=9, commands=("scale",))
        (one,) = self.draw(wanted)
        (other,) = save.draw_all(experiment.open_folder(str(self.path / "e9")))
        self.assertEqual(save.image(one, "svg"), save.image(other, "svg"))

    def test_times_against_sizes_are_those_that_were_measured(self) -> None:
        folder = write(self.path / "e", replace(Wanted(noise=0, outliers=0), commands=COMMANDS))
        lines = by_size.of_latencies(experiment.open_folder(str(folder)))
        self.assertEqual(lines["kmalloc", "c", "allocate"][64], [40.0] * 3)
        self.assertEqual(lines["vmalloc", "library", "free"][64], [360.0] * 3)


class Distributions(unittest.TestCase):
    """Percentiles of counted values."""

    def test_quantiles(self) -> None:
        counts: Counter[float] = Counter({10.0: 90, 20.0: 9, 300.0: 1})
        for share, expected in ((0, 10), (0.9, 10), (0.95, 20), (0.99, 20), (0.999, 300)):
            self.assertEqual(distribution.quantile(counts, share), expected)

    def test_nines_are_equally_far(self) -> None:
        for share, place in ((0, 0), (0.9, 1), (0.99, 2), (0.999, 3)):
            self.assertAlmostEqual(distribution.nines(share), place)

    def test_the_slowest_is_on_the_axis(self) -> None:
        figure = style.panels(1)
        counts: Counter[float] = Counter({10.0: 999, 500.0: 1})
        distribution.draw_line(figure.axes[0], counts, "kmalloc", "c")
        points = np.asarray(figure.axes[0].lines[0].get_xydata())
        self.assertEqual(points[-1, 1], 500)
        self.assertTrue(np.isfinite(points).all())


class Words(unittest.TestCase):
    """What stands at axes."""

    def test_times(self) -> None:
        for nanoseconds, text in ((1, "1 ns"), (999, "999 ns"), (1500, "1.5 µs"), (2e9, "2 s")):
            self.assertEqual(style.time_text(nanoseconds), text)

    def test_ticks_of_sizes(self) -> None:
        self.assertEqual(style.size_ticks([64, 65536])[0], 64)
        self.assertLessEqual(len(style.size_ticks([1, 8 << 20])), 9)
        self.assertEqual(style.size_ticks([64]), [64])

    def test_teeth_fall_to_nothing(self) -> None:
        classes = [{"first_bytes": 65, "last_bytes": 96, "usable_bytes": 96}]
        xs, ys = waste.teeth(classes)
        self.assertEqual((xs[0], xs[-1], ys[-1]), (65, 96, 0))
        self.assertAlmostEqual(ys[0], 100 * 31 / 96)
