# SPDX-License-Identifier: GPL-2.0
"""What scripts refuse before they build or boot anything."""

import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def run(script: str, *arguments: str) -> tuple[int, str]:
    """The status of a script, and what it says."""
    done = subprocess.run(
        [SCRIPTS / script, *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


class Refused(unittest.TestCase):
    """Each is told with what to do instead."""

    def test_a_log_that_cannot_be_kept(self) -> None:
        status, told = run("vm", "--log", "/nonexistent/log", "--", "true")
        self.assertEqual(status, 125)
        self.assertIn("/nonexistent/log cannot be written", told)

    def test_a_machine_that_would_not_start(self) -> None:
        for memory in ("1M", "16M", "191M"):
            status, told = run("vm", "--memory", memory, "--", "true")
            self.assertEqual(status, 125, memory)
            self.assertIn(f"--memory {memory}", told)
            self.assertIn("give 192M or more", told)

    def test_a_source_outside_of_the_repository(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "Kbuild").touch()
            status, told = run("build", "--source", folder)
            self.assertEqual(status, 1)
            self.assertIn(f"{folder} lies outside of this repository", told)
            self.assertIn("use-the-library.rst", told)

    def test_a_source_that_is_not_there(self) -> None:
        status, told = run("build", "--source", "nothing_here")
        self.assertEqual(status, 1)
        self.assertIn("there is no nothing_here/Kbuild", told)
