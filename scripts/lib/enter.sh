# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Entering a kernel's root filesystem. No privilege is needed: one user id is mapped to
# root's. Whatever is started ends with this process, even if it is killed.

# enter_root_command ROOT [BWRAP-OPTION…] -- COMMAND…: sets the array enter_command to what
# runs COMMAND there. Only /tmp, /run and what the options bind may be written.
enter_root_command() {
	local root=$1
	shift
	enter_command=(bwrap --unshare-user --uid 0 --gid 0 --unshare-pid --die-with-parent --clearenv
		--setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
		--setenv HOME /root --setenv LC_ALL C.UTF-8 --setenv TERM "${TERM:-dumb}"
		--ro-bind "$root" / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run "$@")
}

# enter_kernel_command [BWRAP-OPTION…] -- COMMAND…: the same in the kernel that kernel_ensure
# has made ready, with its trees and, writable, the repository.
enter_kernel_command() {
	enter_root_command "$rootfs" --ro-bind "$tree/source" "$inner_source" --ro-bind "$tree/build" "$inner_build" \
		--bind "$repo" "$inner_repo" --chdir "$inner_repo" "$@"
}

enter_root() {
	enter_root_command "$@"
	"${enter_command[@]}"
}

enter_kernel() {
	enter_kernel_command "$@"
	"${enter_command[@]}"
}
