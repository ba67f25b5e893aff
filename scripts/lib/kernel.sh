# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A kernel by name: scripts/kernels/NAME describes it; kernel_ensure has it ready.
#
# In the cache, NAME-KEY-RELEASE/ holds root/ (the root filesystem), tree/ (source/ and
# build/) and versions; the link NAME-KEY says which release is in use. KEY stands for all
# that the entry is made from, except for what Debian has on the day.

. "$repo/scripts/lib/cache.sh"
. "$repo/scripts/lib/enter.sh"

# Part of every key: raise it when an entry comes to be made in another way.
recipe=1

kernel_load() {
	kernel=$1
	# What has a dot in its name is an options file.
	[[ $kernel != *.* && -f $repo/scripts/kernels/$kernel ]] ||
		die "no kernel is named '$kernel'" "there are: $(cd "$repo/scripts/kernels" && ls --ignore='*.*' | xargs)"
	config='' llvm='' missing=''
	. "$repo/scripts/kernels/$kernel"
	. "$repo/scripts/lib/rootfs.sh"
	kernel_key=$({
		echo "$recipe" "$suite" "$kernel_suite" "$flavour" "$cc" "$hostcc" "$rootfs_packages"
		cat "$repo/scripts/requirements.txt"
		[ -z "$config" ] || cat "$repo/scripts/kernels/$config" - <<<"$llvm"
		[ -z "$missing" ] || echo "$missing"
	} | sha256sum | cut -c 1-12)
	kernel_link=$cache/$kernel-$kernel_key
}

# kernel_use ENTRY: sets what the rest of the scripts know a ready kernel by.
kernel_use() {
	rootfs=$1/root
	tree=$1/tree
	release=${1##*/"$kernel-$kernel_key"-}
	kernel_image=/usr/lib/modules/$release/vmlinuz
	[ -z "$config" ] || kernel_image=$inner_build/vmlinuz
}

# kernel_has OPTION: whether a ready kernel was built with it.
kernel_has() {
	enter_kernel grep -q "^$1=y" "$inner_build/.config"
}

# kernel_ensure NAME [update]: makes the kernel ready unless it is. With `update`, takes the
# newest one that Debian has, even if an older one is ready.
kernel_ensure() {
	kernel_load "$1"
	shift
	if [ $# != 0 ] || [ ! -d "$kernel_link/tree" ]; then
		. "$repo/scripts/lib/provision.sh"
		provision_kernel "$@"
	fi
	kernel_use "$(realpath "$kernel_link")"
}
