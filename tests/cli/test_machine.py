# SPDX-License-Identifier: GPL-2.0
"""What results depend on."""

import gzip
import subprocess
import tempfile
import unittest
from pathlib import Path

from memalloc_cli.interface import Laboratory
from memalloc_cli.recording import conditions, kernel_config, machine, tree

from . import fixtures

CONFIG = """\
#
# Automatically generated file; DO NOT EDIT.
CONFIG_HZ=250
CONFIG_SLUB_DEBUG=y
# CONFIG_KASAN is not set
CONFIG_CC_VERSION_TEXT="gcc (Debian 14.2.0) 14.2.0"
CONFIG_WIREGUARD=m
"""


class Files(unittest.TestCase):
    """Tests with files."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)


class Configuration(Files):
    """The kernel's options."""

    def test_what_matters_is_kept(self) -> None:
        self.assertEqual(
            kernel_config.options_of(CONFIG),
            {
                "CONFIG_CC_VERSION_TEXT": "gcc (Debian 14.2.0) 14.2.0",
                "CONFIG_HZ": "250",
                "CONFIG_KASAN": "n",
                "CONFIG_SLUB_DEBUG": "y",
            },
        )

    def test_it_may_be_compressed(self) -> None:
        file = self.path / "config.gz"
        file.write_bytes(gzip.compress(CONFIG.encode()))
        self.assertEqual(kernel_config.text_of(str(file)), CONFIG)

    def test_it_may_be_nowhere(self) -> None:
        found = kernel_config.read("0.0.0-no-such-kernel")
        self.assertIn(found.source, (None, "/proc/config.gz"))


class Settings(Files):
    """Settings of the running kernel."""

    def test_of_several_one_is_in_force(self) -> None:
        file = self.path / "setting"
        for text, expected in (
            ("always [madvise] never\n", "madvise"),
            ("none voluntary (full) lazy\n", "full"),
            ("0\n", "0"),
        ):
            file.write_text(text)
            self.assertEqual(machine.setting(str(file)), expected)
        self.assertIsNone(machine.setting(str(self.path / "missing")))


class Sources(Files):
    """The commit."""

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", "-C", str(self.path), *identity, *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def test_without_git_the_files_are_read(self) -> None:
        folder = self.path / ".git"
        (folder / "refs" / "heads").mkdir(parents=True)
        (folder / "HEAD").write_text("ref: refs/heads/main\n")
        self.assertIsNone(tree.read(str(folder)))
        (folder / "packed-refs").write_text("# pack-refs\n1111 refs/heads/main\n")
        self.assertEqual(tree.read(str(folder)), tree.State("1111", None))
        (folder / "refs" / "heads" / "main").write_text("2222\n")
        self.assertEqual(tree.read(str(folder)), tree.State("2222", None))
        (folder / "HEAD").write_text("3333\n")
        self.assertEqual(tree.read(str(folder)), tree.State("3333", None))

    def test_a_folder_without_git(self) -> None:
        self.assertIsNone(tree.state(str(self.path)))

    def test_git_knows_of_changes(self) -> None:
        try:
            self.git("init", "--quiet")
        except FileNotFoundError:
            self.skipTest("there is no git here")
        self.git("commit", "--allow-empty", "--message", "first")
        commit = self.git("rev-parse", "HEAD")
        self.assertEqual(tree.state(str(self.path)), tree.State(commit, False))
        (self.path / "file").write_text("new")
        self.assertEqual(tree.state(str(self.path)), tree.State(commit, True))


class Facts(Files):
    """All of it."""

    def test_of_this_machine(self) -> None:
        folder = fixtures.folder(self.path, version="abi 1\nresults 1\nmodule 0.1.0\n")
        found = machine.facts(Laboratory(folder))
        self.assertTrue(found["name"])
        self.assertTrue(found["kernel"]["release"])
        self.assertEqual(found["module"]["module"], "0.1.0")
        self.assertEqual(found["module"]["environment"]["page_bytes"], "4096")

    def test_without_the_module(self) -> None:
        self.assertEqual(machine.facts(Laboratory("/nonexistent"))["module"], {})


class Differences(unittest.TestCase):
    """In what two experiments differ."""

    def test_noise_of_the_command_line(self) -> None:
        line = "BOOT_IMAGE=/boot/x root=UUID=1 ro quiet slab_debug=FZPU init_on_alloc=0 roots=2"
        self.assertEqual(conditions.boot_options(line), "slab_debug=FZPU init_on_alloc=0 roots=2")

    def test_boot_options_that_both_have_do_not_differ(self) -> None:
        for before, after, expected in (
            ("a=1 b c", "a=2 b c", ("a=1", "a=2")),
            ("a b", "a b slab_debug", ("-", "slab_debug")),
            ("a b", "b a", ("-", "-")),
        ):
            self.assertEqual(conditions.apart(before, after), expected)

    def test_memory_differs_from_boot_to_boot(self) -> None:
        self.assertEqual(conditions.memory("1005510656"), conditions.memory("1005518848"))
