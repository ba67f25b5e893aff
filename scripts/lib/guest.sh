# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Running one guest, as scripts/vm's variables say, and judging what became of it. All that
# passes between the two sides lies in $run, which is /vm inside:
#
#   command, module   what scripts/guest/run is to do
#   expect_splats     is there if tests may have the kernel complain on purpose
#   stdout, stderr    the command's output
#   outcome           how far scripts/guest/run came
#   console           a pipe: the guest's console, and messages of qemu
#   log               the text of that

guest_run() {
	local options=() readers=()
	guest_options
	rm -f "$run"/{stdout,stderr,outcome,log,console}
	touch "$run"/{stdout,stderr,outcome,log}
	mkfifo "$run/console"
	# Without a terminal's line ends, and what the firmware writes.
	sed --unbuffered 's/[\r\x00]//g' <"$run/console" >"$run/log" &
	readers+=($!)

	# In the background, since only `wait` lets a signal be handled at once; not as a function,
	# which would put a shell between this process and bwrap.
	enter_kernel_command --bind "$run" "$inner_vm" "${kvm_options[@]}" -- \
		timeout --kill-after=5 "$seconds" virtme-run "${options[@]}"
	"${enter_command[@]}" </dev/null >"$run/console" 2>&1 &
	machine=$!
	trap 'guest_stop 130' INT
	trap 'guest_stop 143' TERM HUP
	# Through files, not pipes: what a slow reader has not yet taken from a pipe when the
	# machine powers off would be lost.
	guest_follow stdout &
	readers+=($!)
	guest_follow stderr >&2 &
	readers+=($!)
	if $verbose; then
		guest_follow log >&2 &
		readers+=($!)
	fi
	machine_status=0
	wait "$machine" || machine_status=$?
	wait "${readers[@]}" || true
	trap - INT TERM HUP
}

# guest_follow FILE: prints what is written to it until the machine has ended.
guest_follow() {
	exec tail --bytes=+1 --follow --pid="$machine" --sleep-interval=0.1 "$run/$1"
}

# guest_stop STATUS: bwrap takes all that runs inside along.
guest_stop() {
	kill "$machine" 2>/dev/null || true
	exit "$1"
}

# Sets options, virtme-run's, and kvm_options, bwrap's.
guest_options() {
	# The initial file system mounts the root with a cache (rootfs_cache_9p), even for a kernel
	# that has 9p built in.
	options=(--kimg "$kernel_image" --mods auto --force-initramfs --force-9p --rwdir "$inner_repo"
		--cpus "$cpus" --memory "$memory"
		# The log must be whole even if the command lowers the console's level.
		--show-boot-console --kopt=ignore_loglevel)
	for word in $append; do
		options+=("--kopt=$word")
	done
	kvm_options=()
	if ! $icount && kvm_usable; then
		kvm_options=(--dev-bind /dev/kvm /dev/kvm)
		! $verbose || say "the machine runs with KVM"
	else
		# On a busy host, emulated processors stand still for long enough to be taken for
		# locked up, for having no timer, or for having clocks that disagree; and of the other
		# clocks each look is a call of the emulator's.
		options+=(--disable-kvm --kopt=watchdog_thresh=30 --kopt=rcupdate.rcu_cpu_stall_timeout=60
			--kopt=no_timer_check --kopt=tsc=reliable)
		! $verbose || say "the machine runs without KVM"
	fi
	[ "$nodes" = 1 ] || guest_nodes
	options+=(--script-sh "sh $inner_repo/scripts/guest/run" --qemu-opts -device "virtio-serial-pci,id=memalloc")
	for word in stdout stderr outcome; do
		options+=(-chardev "file,id=memalloc.$word,path=$inner_vm/$word"
			-device "virtserialport,bus=memalloc.0,name=memalloc.$word,chardev=memalloc.$word")
	done
	! $icount || options+=(-icount "shift=0,sleep=off")
	# CPUs of one socket cannot be on two nodes.
	[ "$nodes" = 1 ] || options+=(-smp "cpus=$cpus,sockets=$cpus")
}

# Equal parts of the memory and of the CPUs; with more nodes than CPUs, some have none.
guest_nodes() {
	local node size=${memory%[MG]} first next
	[ "${memory: -1}" = M ] || size=$((size * 1024))
	[ $((size % nodes)) = 0 ] || die "$memory cannot be divided into $nodes nodes of whole MiB"
	for ((node = 0; node < nodes; node++)); do
		first=$((node * cpus / nodes)) next=$(((node + 1) * cpus / nodes))
		if [ "$first" = "$next" ]; then
			options+=(--numa "$((size / nodes))M")
		else
			options+=(--numa "$((size / nodes))M,cpus=$first-$((next - 1))")
		fi
	done
}

# guest_qemu_failed: an emulator's processors now and then run into an assertion of qemu's when
# the guest sets up its devices (iotlb_to_section). The command has not been started by then.
guest_qemu_failed() {
	[ ! -s "$run/outcome" ] && grep -q '^qemu-system-.*: Assertion .* failed' "$run/log"
}

guest_leave_out_expected() {
	awk -f "$repo/scripts/lib/unexpected.awk" "$run/log" >"$run/unexpected"
	mv "$run/unexpected" "$run/log"
}

# Ends the script with the status that the run deserves.
guest_judge() {
	local splat outcome status=0
	! $expect_splats || guest_leave_out_expected
	splat=$("$repo/scripts/lib/find-splat" "$run/log") || status=$?
	# That nobody could look is not that nothing is there.
	[ "$status" -le 1 ] || die "the kernel's log could not be looked through"
	splat=${splat%%:*}
	if [ -n "$splat" ]; then
		say "${0##*/}: the kernel complained:"
		# Not a pipe into head, which would end this script by SIGPIPE, and its status with it.
		sed -n "$splat,$((splat + 299))p" "$run/log" >&2
	fi
	case $machine_status in
	124 | 137)
		[ -n "$splat" ] || tail -n 40 "$run/log" >&2
		die_status=124
		die "the machine did not end within $seconds s" "the limit is set with --timeout"
		;;
	esac
	[ -z "$splat" ] || exit 123
	outcome=$(tail -n 1 "$run/outcome")
	case $outcome in
	[0-9]*) exit "$outcome" ;;
	refused) die "the kernel did not take the module" ;;
	started)
		tail -n 40 "$run/log" >&2
		die "the machine ended before the command did"
		;;
	*)
		tail -n 40 "$run/log" >&2
		die "the machine did not start"
		;;
	esac
}
