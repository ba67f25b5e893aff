# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Testing one kernel: its tests of the host, then its machines one after another. Each kernel has a
# process of its own, a lane, beside those of others.

# The process of each kernel's lane. Whether a process is still the lane, `jobs` knows: the number may
# have gone to another.
declare -A lanes=()

# lane_start: for $kernel. Sets lanes[KERNEL]; what it tells is in $work/KERNEL/told.
lane_start() {
	mkdir "$work/$kernel"
	# Before anybody reads it.
	: >"$work/$kernel/told"
	# A process group of its own, so that whatever it has started can be ended with it.
	set -m
	lane >"$work/$kernel/told" </dev/null &
	set +m
	lanes[$kernel]=$!
}

# lane_follow: prints what the lane of $kernel tells until it has ended.
lane_follow() {
	local status=0 lane=${lanes[$kernel]}
	case " $(jobs -pr | xargs) " in
	*" $lane "*) ktap_merge < <(tail --lines=+1 --follow --pid="$lane" "$work/$kernel/told") ;;
	*) ktap_merge <"$work/$kernel/told" ;;
	esac
	wait "$lane" || status=$?
	[ "$status" = 0 ] || ktap_missing "$kernel: its tests ended with status $status"
}

# lanes_stop: takes all that runs in them along.
lanes_stop() {
	# A signal may come while `read` has IFS to itself.
	local lane IFS=$' \n'
	for lane in $(jobs -pr); do
		kill -- "-$lane" 2>/dev/null || true
	done
	wait
}

lane() {
	machine=
	trap lane_end EXIT
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	# Should scripts/test be killed, nobody else ends what runs here.
	(tail --pid=$$ --follow /dev/null && kill -- 0) >/dev/null 2>&1 &
	watcher=$!
	work+=/$kernel
	suite_begins
	[ "$kernel" != "${kernels[0]}" ] || run_on_host
	# With the compiler that make finds out by itself.
	! is_chosen tree kdir || run_script "$kernel/kdir" "$repo/scripts/test-kdir"
	# What must not compile, and does not, whichever the compiler.
	! is_chosen tree compile_fail || run_script "$kernel/compile_fail" "$repo/scripts/test-compile-fail"
	# What the library compiles to, which is what C does.
	! is_chosen tree disassembly || run_script "$kernel/disassembly" "$repo/scripts/compare-disassembly"
	! has_machines "$kernel" || run_kernel
}

lane_end() {
	pkill -P "$watcher" 2>/dev/null || true
	[ -z "$machine" ] || kill "$machine" 2>/dev/null || true
}

run_on_host() {
	! is_chosen host host || run_host
	# What the command line makes of measurements: its statistics, and its report in a browser.
	! is_chosen host measurement || run_script measurement "$repo/scripts/test-measurement"
	# As others install it: by make, DKMS and Debian's packages, and the tests as the kernel's are.
	! is_chosen host packaging || run_script packaging "$repo/scripts/test-packaging"
}

# The tests of pure logic. libtest's lines become cases.
host_cases() {
	local line name number=0
	printf '  %s\n' "KTAP version 1" "# Subtest: host"
	while IFS= read -r line; do
		case $line in
		"running "*) line=${line#running } && echo "  1..${line%% *}" ;;
		"test "*" ... "*)
			number=$((number + 1)) name=${line#test } && name=${name% ... *}
			case $line in
			*" ... ok") echo "  ok $number - $name" ;;
			*" ... ignored"*) echo "  ok $number - $name # SKIP ignored" ;;
			*) echo "  not ok $number - $name" ;;
			esac
			;;
		"") ;;
		*) echo "  # $line" ;;
		esac
	done
	[ "$number" != 0 ]
}

run_host() {
	local status=0
	"$repo/scripts/enter" --kernel "$kernel" -- sh -c \
		'rustc --edition 2021 --test tests/host.rs -o /tmp/host && /tmp/host --test-threads 2' \
		>"$work/host" 2>&1 || status=$?
	if host_cases <"$work/host" && [ "$status" = 0 ]; then
		suite_line ok host
	else
		suite_line "not ok" host
	fi
}

# run_script NAME COMMAND…: a script that tells KTAP already. Its plan may come last.
run_script() {
	local name=$1 line status=0 planned=no told=0
	shift
	printf '  %s\n' "KTAP version 1" "# Subtest: ${name#*/}"
	"$@" --kernel "$kernel" >"$work/output" || status=$?
	while IFS= read -r line; do
		case $line in
		"KTAP version 1" | *" passed, "*" failed, "*" skipped") continue ;;
		"1.."*) planned=${line#1..} && planned=${planned%% *} ;;
		"ok "* | "not ok "*) told=$((told + 1)) ;;
		esac
		printf '  %s\n' "$line"
	done <"$work/output"
	[ "$planned" = "$told" ] || echo "# $planned cases were planned, and the results of $told told"
	if [ "$status" = 0 ] && [ "$told" != 0 ] && [ "$planned" = "$told" ]; then
		suite_line ok "$name"
	else
		suite_line "not ok" "$name"
	fi
}

# run_kernel: builds what its tests need, and runs its machines.
run_kernel() {
	local index seconds_each limit_each
	seconds_each=$(kernel_load "$kernel" && echo "$guest_seconds")
	limit_each=$seconds_each
	[ "$scale" != full ] || limit_each=$((48 * 3600))
	"$repo/scripts/build" --kernel "$kernel" >&2
	# The examples of the library's documentation, for the test doc_examples.
	"$repo/scripts/build" --kernel "$kernel" --source tests/examples >&2
	case " ${tests[*]} " in
	*" samples "*) "$repo/scripts/build" --kernel "$kernel" --source samples >&2 ;;
	esac
	case " ${tests[*]} " in
	*" flight_recorder "*) "$repo/scripts/build-example" --kernel "$kernel" flight_recorder >&2 ;;
	esac
	# What makes calls on the module, for the tests of faults and of moments.
	"$repo/scripts/enter" --kernel "$kernel" -- \
		make --no-print-directory -C tests/programs "OUTPUT=$inner_repo/build/$kernel" >&2
	# The library's KUnit suites, for the test kunit, if this kernel can run them.
	if "$repo/scripts/enter" --kernel "$kernel" grep -q '^CONFIG_KUNIT=y' "$inner_build/.config"; then
		"$repo/scripts/build" --kernel "$kernel" --source tests/kunit >&2
	fi
	for index in "${!names[@]}"; do
		if [ "${machine_kernels[$index]}" = "$kernel" ]; then
			run_machine "${names[$index]}" "${options[$index]}" "${tests[$index]}"
		fi
	done
}

# run_machine NAME OPTIONS TESTS: of $kernel. What the guest does not tell of has failed.
run_machine() {
	local name=$1 line status=0 reported=" " has_failed=false test seconds words
	read -ra words <<<"$2"
	rm -f "$work/output"
	# Far more than they need, so that only a hang meets it.
	seconds=$((limit_each * (4 + 3 * $(wc -w <<<"$3")) / 5))
	mkfifo "$work/output"
	mkdir -p "$repo/build/$kernel/log"
	"$repo/scripts/vm" --kernel "$kernel" --timeout "$seconds" --log "$repo/build/$kernel/log/$name.log" "${words[@]}" -- \
		"KERNEL=$kernel TEST_SECONDS=$seconds_each TEST_SCALE=$scale TEST_LIMIT=$limit_each \
			${HOSTILE_SEED:+HOSTILE_SEED=$HOSTILE_SEED} sh scripts/selftests/run$3" </dev/null >"$work/output" &
	machine=$!
	while IFS= read -r line; do
		case $line in
		"  # Subtest: "*) suite_begins && printf '%s\n' "$line" ;;
		"  "*) printf '%s\n' "$line" ;;
		"ok "* | "not ok "*)
			[[ $line == "ok "* ]] || has_failed=true
			test=${line#* - }
			test=${test%% *}
			reported+="$test "
			suite_line "${line%% [0-9]*}" "$kernel/$name/${line#* - }"
			;;
		"KTAP "* | "1.."*) ;;
		"# "*) echo "$line" ;;
		*) echo "# $line" ;;
		esac
	done <"$work/output"
	wait "$machine" || status=$?
	machine=
	rm "$work/output"
	for test in $3; do
		case $reported in
		*" $test "*) ;;
		*)
			echo "# the machine ended with status $status before this test did"
			suite_line "not ok" "$kernel/$name/$test"
			;;
		esac
	done
	# 1 is a failed test's, if one was told of; all others are scripts/vm's.
	case $status:$has_failed in
	0:* | 1:true) ;;
	*) echo "  not ok - $kernel/$name: scripts/vm ended with status $status" ;;
	esac
}
