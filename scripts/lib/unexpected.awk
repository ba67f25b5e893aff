# SPDX-License-Identifier: GPL-2.0
# Leaves out of a kernel's log what a test has the kernel complain about on purpose, between two
# lines that it writes there (expect_splats in scripts/selftests/lib.sh). Only for machines that were
# started with --expect-splats. What is not closed was not expected.
/selftest [^ ]*: splats are expected from here$/ { expected = 1 }
expected {
	held = held $0 "\n"
	if (/selftest [^ ]*: splats are expected to here$/) {
		expected = 0
		held = ""
	}
	next
}
{ print }
END { printf "%s", held }
