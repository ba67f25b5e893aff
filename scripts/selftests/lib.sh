# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the tests share: KTAP, written as the kernel's kselftest/ktap_helpers.sh does, and the
# module with its files.
#
# A test prints its plan first, so that cases that go missing are missed.

here=${0%/*}
test_name=${0##*/}
test_name=${test_name%.sh}
lab=/sys/kernel/debug/rust_memalloc
kfence=/sys/module/kfence/parameters
module=$here/../../build/${KERNEL:-stock}/rust_memalloc.ko find_splat=$here/../lib/find-splat
# Where the tests were installed (make install-selftests), all lies beside them.
if [ -e "$here/rust_memalloc.ko" ]; then
	module=$here/rust_memalloc.ko find_splat=$here/find-splat
fi
# The root filesystem cannot be written.
work=$(mktemp -d -p /run)
reloaded=false inserted=false expecting=false guarding=false broken=false
passed=0 failed=0 skipped=0 planned=0
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# The next test finds the module as scripts/vm inserted it, or none, if there was none.
clean_up() {
	rm -rf "$work"
	! $expecting || expect_splats_no_more
	! $guarding || echo 0 >"$kfence/sample_interval"
	if $inserted; then
		remove_module || exit 1
	elif $reloaded; then
		# shellcheck disable=SC2119
		reload || exit 1
	fi
}

# skip_all REASON: as kselftest has it.
skip_all() {
	echo "KTAP version 1"
	echo "1..0 # SKIP $1"
	exit 4
}

# is_scaled_down: whether this kernel looks for bugs, and is so slow that not all is done, unless TEST_SCALE=full.
is_scaled_down() {
	[ "${TEST_SECONDS:-300}" -gt 300 ] && [ "${TEST_SCALE:-}" != full ]
}

# Programs are the same on every kernel.
skip_if_scaled_down() {
	! is_scaled_down || skip_all "scaled down: programs are tested on faster kernels; make soak does it here too"
}

# What scripts/vm does before a test, where something else runs it.
stand_alone() {
	[ "$(id -u)" = 0 ] || skip_all "only root can insert a module"
	mountpoint -q "${lab%/*}" || mount -t debugfs debugfs "${lab%/*}" || skip_all "there is no debugfs"
	fits=$(modinfo -F vermagic "$module" | cut -d ' ' -f 1)
	[ "$fits" = "$(uname -r)" ] || skip_all "the module is for the kernel $fits"
	echo "selftest $test_name begins" >/dev/kmsg
	insmod "$module" || exit 1
	inserted=true
}
[ -d /sys/module/rust_memalloc ] || stand_alone

plan() {
	planned=$1
	echo "KTAP version 1"
	echo "# Subtest: $test_name"
	echo "1..$planned"
}

# result WORD NAME: the line in the kernel's log tells which case a complaint there belongs to.
result() {
	printf '%s\n' "$1 $((passed + failed + skipped)) - $2"
	printf '%s\n' "selftest $test_name: $2" >/dev/kmsg
}

pass() {
	passed=$((passed + 1))
	result ok "$1"
}

# fail NAME [LINE…]: each line is told before the result.
fail() {
	failed=$((failed + 1))
	failed_name=$1
	shift
	[ $# = 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
	result "not ok" "$failed_name"
}

skip() {
	skipped=$((skipped + 1))
	result ok "$1 # SKIP $2"
}

# verdict NAME [PROBLEM…]: passes if there is no problem.
verdict() {
	if [ $# = 1 ]; then
		pass "$1"
	else
		fail "$@"
	fi
}

# expect NAME EXPECTED GOT
expect() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected '$2', got '$3'"
	fi
}

# await COMMAND…: until it succeeds, or for a minute.
await() {
	tries=0
	until "$@" || [ "$tries" = 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

# log_may_say [TEXT…]: what the kernel may complain of from here on (../lib/find-splat); without a text,
# of nothing any more.
log_may_say() {
	[ $# != 0 ] || echo "selftest $test_name expects nothing" >/dev/kmsg
	for complaint; do
		echo "selftest $test_name expects '$complaint'" >/dev/kmsg
	done
}

# relay COMMAND…: numbers the results of a part written in Python (lab.py, function verdict).
relay() {
	mkfifo "$work/relay"
	"$@" >"$work/relay" &
	while IFS= read -r line; do
		case $line in
		"ok - "*" # SKIP "*) skipped=$((skipped + 1)) && result ok "${line#ok - }" ;;
		"ok - "*) pass "${line#ok - }" ;;
		"not ok - "*) fail "${line#not ok - }" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$work/relay"
	wait $! || {
		echo "# '$*' ended with status $?"
		broken=true
	}
	rm "$work/relay"
}

# python SCRIPT [ARGUMENT…]: without site-packages, which take a second to find under TCG.
python() {
	python_script=$here/$1
	shift
	relay python3 -S -B "$python_script" "$@"
}

# Ends the test: 0 passed, 1 failed, 4 all skipped, as kselftest has it.
finish() {
	echo "# Totals: pass:$passed fail:$failed skip:$skipped"
	# Else selftests/run looks for it.
	if $inserted; then
		dmesg | sed "0,/selftest $test_name begins$/d" >"$work/log"
		splat=$(sh "$find_splat" "$work/log")
		# 1 is that there is none, and more that this could not be seen.
		if [ $? != 1 ]; then
			echo "# the kernel complained: ${splat#*:}"
			exit 1
		fi
	fi
	if [ $((passed + failed + skipped)) != "$planned" ]; then
		echo "# expected $planned results, got $((passed + failed + skipped))"
		exit 1
	fi
	[ "$failed" = 0 ] && ! $broken || exit 1
	[ "$passed" != 0 ] || exit 4
	exit 0
}

# ask COMMAND: what can then be read is in $work/answer, be it a report or a refusal.
ask() {
	exec 3<>"$lab/run"
	asked=0
	(printf '%s\n' "$1" >&3) 2>/dev/null || asked=1
	cat <&3 >"$work/answer"
	exec 3>&-
	return "$asked"
}

# last_line FILE: without a process.
last_line() {
	last=
	while IFS= read -r line; do
		last=$line
	done <"$1"
	printf '%s' "$last"
}

# figure KIND KEY: of each object of that kind in `results`, one a line.
figure() {
	sed -nE "/\"kind\":\"$1\"/s/.*[{,]\"$2\":(\"([^\"]*)\"|([^,}]*)).*/\2\3/p" "$lab/results"
}

# environment NAME: its value in `environment`.
environment() {
	sed -n "s/^$1 //p" "$lab/environment"
}

# scenario_names: one a line.
scenario_names() {
	sed -n 's/^\([a-z][a-z_-]*\): .*/\1/p' "$lab/scenarios"
}

# read_stats ALLOCATOR: sets allocations, frees, outstanding, charged and failures.
read_stats() {
	while read -r stats_name allocations frees outstanding charged _ failures _; do
		[ "$stats_name" != "$1" ] || return 0
	done <"$lab/stats"
	allocations=none
	return 1
}

# books COMMAND NUMBER ALLOCATOR: one problem a line unless the run made and freed NUMBER
# allocations, and none of them failed.
books() {
	read_stats "$3"
	before=$allocations failures_before=$failures
	if ! ask "$1"; then
		echo "$1: $(cat "$work/answer")"
		return
	fi
	read_stats "$3"
	[ "$((allocations - before)) $frees $outstanding $charged $((failures - failures_before))" = \
		"$2 $allocations 0 0 0" ] ||
		echo "$1: expected $2 allocations and as many frees, got $((allocations - before))" \
			"allocations, $((allocations - frees)) not freed, $((failures - failures_before)) failures"
	case $(last_line "$work/answer") in
	"complete: $2 allocations, 0 outstanding, "*) ;;
	*) echo "$1: expected 'complete: $2 allocations …', got '$(last_line "$work/answer")'" ;;
	esac
}

# From here on the kernel complains because this test has it do so, and the test itself looks at what
# it says. Only on machines that were started with --expect-splats.
expect_splats() {
	[ -e /vm/expect_splats ] || return
	expecting=true
	echo "selftest $test_name: splats are expected from here" >/dev/kmsg
}

expect_splats_no_more() {
	expecting=false
	echo "selftest $test_name: splats are expected to here" >/dev/kmsg
}

# Whether the machine is booted for KFENCE to guard all the objects that it has room for.
can_guard() {
	[ "$(cat "$kfence/burst" 2>/dev/null)" = 1000000 ]
}

# guard: from here on it does. Had it begun at boot, what stays for ever would have taken the room.
guard() {
	guarding=true
	echo 1 >"$kfence/sample_interval"
}

# make_cgroup NAME: a memory cgroup, $group/NAME, until remove_cgroup. Fails where there can be none.
make_cgroup() {
	group=$work/cgroup
	mkdir "$group" && mount -t cgroup2 none "$group" 2>/dev/null &&
		echo +memory >"$group/cgroup.subtree_control" && mkdir "$group/$1"
}

remove_cgroup() {
	rmdir "$group/$1" 2>/dev/null || true
	umount "$group" 2>/dev/null || true
}

# lost_for_good COMMAND: what COMMAND says is lost, if it still does after half a minute. What each CPU keeps
# aside, and what others do meanwhile, comes back; a leak does not.
lost_for_good() {
	tries=0
	while is_lost=$("$1") && [ -n "$is_lost" ] && [ "$tries" -lt 60 ]; do
		tries=$((tries + 1))
		sleep 0.5
	done
	[ -z "$is_lost" ] || printf '%s\n' "$is_lost"
}

# ledger: prints what is not zero that should be when nothing runs.
ledger() {
	for ledger_name in kmalloc vmalloc kvmalloc pages; do
		read_stats "$ledger_name" || echo "$ledger_name is not in stats"
		[ "$outstanding $charged $allocations" = "0 0 $frees" ] ||
			echo "$ledger_name: $allocations allocations, $frees frees," \
				"$outstanding outstanding, $charged bytes charged"
	done
}

# remove_module: takes the module away. Who has just closed a file of it may hold it for a moment.
remove_module() {
	tries=0
	[ -d /sys/module/rust_memalloc ] || return 0
	until removal=$(rmmod rust_memalloc 2>&1); do
		tries=$((tries + 1))
		case $tries:$removal in
		600:*) ;;
		*"in use"* | *unavailable*) sleep 0.1 && continue ;;
		esac
		echo "# the module cannot be removed: $removal"
		broken=true
		return 1
	done
}

# reload [PARAMETER…]: without any, as scripts/vm inserted it.
# shellcheck disable=SC2120,SC2046 # one word for each parameter
reload() {
	reloaded=true
	remove_module || return
	if [ $# != 0 ]; then
		insmod "$module" "$@"
	else
		insmod "$module" $([ ! -e /vm/module ] || cut -d ' ' -f 2- /vm/module) && reloaded=false
	fi || {
		echo "# the module cannot be inserted"
		broken=true
		return 1
	}
}
