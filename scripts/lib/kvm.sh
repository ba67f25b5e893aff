# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Whether KVM really runs a guest here. A /dev/kvm that opens proves little: below some
# hypervisors the guest stops at the first instruction that they do not emulate.

kvm_probe_seconds=15

# kvm_usable: the answer is remembered until the machine starts anew.
kvm_usable() {
	local answer=$cache/kvm key
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return
	key=$(cat /proc/sys/kernel/random/boot_id)
	if ! grep -q "^$key " "$answer" 2>/dev/null; then
		if kvm_probe; then
			echo "$key usable" >"$answer.$$"
		else
			echo "$key broken" >"$answer.$$"
		fi
		mv "$answer.$$" "$answer"
	fi
	grep -q ' usable$' "$answer"
}

# Boots the kernel without a root filesystem: having got as far as to miss it, it has run
# millions of instructions of every kind.
kvm_probe() {
	# shellcheck disable=SC2016 # the inner shell's arguments
	enter_root "$rootfs" --dev-bind /dev/kvm /dev/kvm -- bash -c '
		grep --max-count=1 --text -E "Kernel panic|KVM internal error" < <(
			timeout --kill-after=1 "$1" qemu-system-x86_64 -accel kvm -cpu host -m 256 \
				-display none -nodefaults -no-reboot -serial stdio \
				-kernel "$2" -append "console=ttyS0 panic=-1" </dev/null 2>&1)' \
		bash "$kvm_probe_seconds" "$kernel_image" 2>/dev/null | grep -q 'Kernel panic'
}
