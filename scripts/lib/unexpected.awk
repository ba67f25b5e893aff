# SPDX-License-Identifier: GPL-2.0
# Leaves out of a kernel's log what a test has the kernel complain about on purpose, between two
# lines that it writes there (expect_splats in scripts/selftests/lib.sh). Only for machines that were
# started with --expect-splats. What is not closed was not expected.
#
# -v begun=yes: the log's beginning is lost, and the first of the two lines may be, too.
BEGIN { expected = (begun == "yes") }
/selftest [^ ]*: splats are expected from here$/ {
	# The beginning is not lost after all.
	printf "%s", held
	held = ""
	expected = 1
}
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
