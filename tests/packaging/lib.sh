# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the parts of scripts/test-packaging share: results, one a line, which that numbers.

pass() {
	printf '%s\n' "ok - $1"
}

# fail NAME [LINE…]: each line is told before the result.
fail() {
	fail_name=$1
	shift
	[ $# = 0 ] || printf '%s\n' "$@" | tail -n 30 | sed 's/^/# /'
	printf '%s\n' "not ok - $fail_name"
}

# expect NAME EXPECTED GOT
expect() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected '$2', got '$3'"
	fi
}

# says NAME STATUS TEXT COMMAND…: it ends with that status, and prints that text among others.
says() {
	says_name=$1 says_status=$2 says_text=$3
	shift 3
	says_got=0
	says_output=$("$@" 2>&1) || says_got=$?
	if [ "$says_got" != "$says_status" ]; then
		fail "$says_name" "it ended with $says_got, not with $says_status: $says_output"
	elif ! printf '%s\n' "$says_output" | grep -qF -- "$says_text"; then
		fail "$says_name" "it does not say '$says_text': $says_output"
	else
		pass "$says_name"
	fi
}

# changed_tree TREE FILE SED-SCRIPT: prints the path of a copy, made of links, of a kernel's tree, in which
# one file is another.
changed_tree() {
	changed=$(mktemp -d)
	cp -rs "$1/." "$changed/"
	rm "$changed/$2"
	sed "$3" "$1/$2" >"$changed/$2"
	echo "$changed"
}
