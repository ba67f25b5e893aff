# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# One KTAP stream out of several. Those who run tests tell each case as an indented line with a
# number, and end each subtest by suite_line, without one; ktap_merge numbers these, and counts.

passed=0 failed=0 skipped=0
suite=0 cases_within=0 failed_within=0

# suite_begins: the time of a subtest counts from here, and not from the end of the one before.
suite_begins() {
	suite_began=$SECONDS
}
suite_begins

# suite_line RESULT NAME: ends a subtest.
suite_line() {
	printf '%s\n' "# ${2%% *} took $((SECONDS - suite_began)) s" "$1 - $2"
	suite_begins
}

ktap_merge() {
	local line
	while IFS= read -r line; do
		case $line in
		"  ok "*" # SKIP "*) skipped=$((skipped + 1)) cases_within=$((cases_within + 1)) ;;
		"  ok "*) passed=$((passed + 1)) cases_within=$((cases_within + 1)) ;;
		# No case of a test, which would have a number.
		"  not ok - "*) failed=$((failed + 1)) ;;
		"  not ok "*) failed=$((failed + 1)) failed_within=$((failed_within + 1)) ;;
		"ok - "* | "not ok - "*) ktap_suite ;;
		esac
		printf '%s\n' "$line"
	done
}

# A subtest that failed without a failed case counts for one, and so does one that was skipped without any.
ktap_suite() {
	suite=$((suite + 1))
	case $line in
	"not ok "*) [ "$failed_within" != 0 ] || failed=$((failed + 1)) ;;
	*" # SKIP "*) [ "$cases_within" != 0 ] || skipped=$((skipped + 1)) ;;
	esac
	failed_within=0 cases_within=0
	line="${line%% - *} $suite - ${line#* - }"
}

# ktap_missing NAME: what the plan has no number for has failed, whatever else there was.
ktap_missing() {
	failed=$((failed + 1))
	echo "  not ok - $1"
}
