# SPDX-License-Identifier: GPL-2.0
"""Which lines of a kernel's log are taken for a complaint."""

import subprocess
import tempfile
import unittest
from pathlib import Path

FIND_SPLAT = Path(__file__).parents[2] / "scripts" / "lib" / "find-splat"


def fault(task: str) -> str:
    """What the kernel logs when it injects a fault, from 7.3.4."""
    return f"""\
[  777.143633] FAULT_INJECTION: forcing a failure.
[  777.143633] name failslab, interval 1, probability 0, space 0, times 0
[  777.170157] CPU: 0 UID: 0 PID: 118 Comm: {task} Tainted: G           O     N  7.3.4-1-debug #1
[  777.170424] Tainted: [O]=OOT_MODULE, [N]=TEST
[  777.170451] Call Trace:
[  777.170484]  <TASK>
[  777.170515]  dump_stack_lvl+0x6d/0x90
[  777.170640]  should_fail_ex+0x444/0x5e0
[  777.171723]  </TASK>
"""


def no_area(task: str) -> str:
    return f"""\
[  777.198199] {task}: vmalloc error: size 1224824, align 0x1, vm_struct allocation failed
[  777.199055] CPU: 0 UID: 0 PID: 118 Comm: {task} Tainted: G           O     N  7.3.4-1-debug #1
"""


def no_page(task: str) -> str:
    return (
        f"[  777.2] {task}: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask=0\n"
    )


KASAN = "[    9.1] BUG: KASAN: slab-use-after-free in kfree+0x1/0x2\n"
WARNED = """\
[    9.5] ------------[ cut here ]------------
[    9.5] debugfs file owner did not clean up at exit: stats
[    9.5] WARNING: fs/debugfs/file.c:461 at full_proxy_open_regular+0x1/0x2, CPU#1: cat/99
"""
KILLED = "[    9.2] Out of memory: Killed process 184 (python3) total-vm:88308kB\n"
EXPECTS = "[    9.0] selftest pressure expects 'Out of memory: Killed process '\n"
DONE = "[    9.3] selftest pressure expects nothing\n"
CASE = "[    9.4] selftest fail_nth: every file is opened\n"


class Logs(unittest.TestCase):
    """A table of logs."""

    def found(self, log: str) -> str:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(log)
            file.flush()
            process = subprocess.run([FIND_SPLAT, file.name], capture_output=True, text=True)
        self.assertEqual(process.stderr, "")
        self.assertEqual(process.returncode, 0 if process.stdout else 1)
        return process.stdout

    def assert_line(self, number: int, log: str) -> None:
        """The complaint is found in that line; 0 for none."""
        line = f"{number}:{log.splitlines()[number - 1]}\n" if number else ""
        self.assertEqual(self.found(log), line)

    def test_nothing(self) -> None:
        for log in ("", "[    1.0] all is well\n", fault("caller"), CASE, EXPECTS, DONE):
            self.assert_line(0, log)

    def test_complaint(self) -> None:
        for line in (KASAN, KILLED, no_page("insmod"), no_area("insmod")):
            self.assert_line(2, CASE + line)

    def test_what_a_fault_leads_to(self) -> None:
        self.assert_line(0, fault("caller") + no_page("caller") + no_area("caller"))
        self.assert_line(0, fault("caller") * 2 + no_page("caller") * 2)
        self.assert_line(0, fault("two words") + no_page("two words"))

    def test_what_a_fault_does_not_excuse(self) -> None:
        self.assert_line(10, fault("caller") + KASAN)
        self.assert_line(10, fault("caller") + no_page("insmod"))
        self.assert_line(11, fault("caller") + no_page("caller") * 2)
        self.assert_line(11, fault("caller") + CASE + no_page("caller"))
        self.assert_line(1, no_page("caller") + fault("caller"))

    def test_what_a_test_expects(self) -> None:
        self.assert_line(0, EXPECTS + KILLED + DONE)
        self.assert_line(4, EXPECTS + KILLED + DONE + KILLED)
        self.assert_line(2, EXPECTS + KASAN + DONE)
        self.assert_line(1, KILLED + EXPECTS + DONE)
        both = EXPECTS + EXPECTS.replace("Out of memory", "KASAN").replace(": Killed process ", "")
        self.assert_line(0, both + KASAN + KILLED + KASAN + DONE)
        self.assert_line(6, both + KASAN + KILLED + DONE + KASAN)

    def test_a_warning_with_a_text_is_expected_as_a_whole(self) -> None:
        expects = "[    9.0] selftest unload expects 'debugfs file owner did not clean up'\n"
        self.assert_line(1, WARNED)
        self.assert_line(0, expects + WARNED + DONE)
        self.assert_line(0, expects + WARNED * 2 + DONE)
        self.assert_line(5, expects + WARNED + WARNED.replace("clean up", "close"))
        self.assert_line(5, expects + WARNED + KASAN)
        self.assert_line(4, expects + WARNED[: WARNED.index("[    9.5] WARNING")] + KASAN)
        self.assert_line(1, "[    9.5] ------------[ cut here ]------------\n")

    def test_others_may_log_in_the_middle_of_a_warning(self) -> None:
        expects = "[    9.0] selftest unload expects 'debugfs file owner did not clean up'\n"
        scissors, text, place = WARNED.splitlines(keepends=True)
        other = "[    9.5] rust_memalloc: loaded\n"
        warned = scissors + other * 2 + text + other + place
        self.assert_line(0, expects + warned + DONE)
        self.assert_line(1, warned)
        self.assert_line(4, expects + scissors + other + KASAN + text + place)
        # It is another warning, or none at all.
        self.assert_line(2, expects + scissors + other + place + text)
        self.assert_line(2, expects + scissors + other * 20 + text + place)
        self.assert_line(2, expects + scissors + DONE + text + place)
        self.assert_line(8, expects + warned + place)
        self.assert_line(2, EXPECTS + scissors + KILLED + place)

    def test_what_cannot_be_read_is_no_silence(self) -> None:
        process = subprocess.run([FIND_SPLAT, "/nowhere"], capture_output=True, text=True)
        self.assertEqual((process.returncode, process.stdout), (2, ""))

    def test_a_long_log_is_read_no_further_than_the_complaint(self) -> None:
        self.assert_line(1, KASAN + CASE * 100_000)

    def test_lockdep_has_bugs_in_brackets(self) -> None:
        self.assert_line(2, CASE + "[    9.6] [ BUG: Invalid wait context ]\n")


if __name__ == "__main__":
    unittest.main()
