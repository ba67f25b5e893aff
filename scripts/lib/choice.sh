# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What scripts/test is to run, out of all tests, machines and kernels.
#
# From kernels (names) and chosen (what the user named, or nothing), choose sets suites, their number,
# and for each machine its kernel, its name, its options and its tests.

machines=$repo/scripts/selftests/machines
host_tests="host measurement packaging"
tree_tests="kdir compile_fail disassembly"
machine_kernels=() names=() options=() tests=()
suites=0

choose() {
	local kernel name test found=" $host_tests tree $tree_tests "
	for test in $host_tests; do
		found+="host/$test "
	done
	for test in $tree_tests; do
		found+="tree/$test "
	done
	for kernel in "${kernels[@]}"; do
		choose_machines
	done
	for name in "${chosen[@]}"; do
		case $found in
		*" $name "*) ;;
		*) die "no test or machine for this kernel is named '$name'" "see scripts/test --help" ;;
		esac
	done
	for test in $host_tests; do
		! is_chosen host "$test" || suites=$((suites + 1))
	done
	for test in $tree_tests; do
		! is_chosen tree "$test" || suites=$((suites + ${#kernels[@]}))
	done
}

# Those that are for $kernel.
choose_machines() {
	local for name option list test wanted
	while IFS='|' read -r name for option list; do
		case "$name:$for" in
		"#"* | *" -$kernel "*) continue ;;
		*": all "* | *" $kernel "*) ;;
		*) continue ;;
		esac
		name=${name% } wanted=
		found+="$name $list "
		for test in $list; do
			found+="$name/$test "
			if is_chosen "$name" "$test"; then
				wanted+=" $test"
				suites=$((suites + 1))
			fi
		done
		if [ -n "$wanted" ]; then
			machine_kernels+=("$kernel") names+=("$name") options+=("$option") tests+=("$wanted")
		fi
	done <"$machines"
}

# is_chosen MACHINE TEST
is_chosen() {
	local name
	[ "${#chosen[@]}" != 0 ] || return 0
	for name in "${chosen[@]}"; do
		case $name in
		"$1" | "$2" | "$1/$2") return 0 ;;
		esac
	done
	return 1
}

# has_machines KERNEL: whether any of what is chosen is to run there.
has_machines() {
	case " ${machine_kernels[*]} " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}
