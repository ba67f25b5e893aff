# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Making a kernel ready, in steps of which each leaves either nothing or its whole result.

. "$repo/scripts/lib/host.sh"
. "$repo/scripts/lib/resolve.sh"
. "$repo/scripts/lib/tree.sh"

# provision_kernel [update]: of the kernel that kernel_load has read.
provision_kernel() {
	cache_lock "$kernel"
	# Another run may have been faster.
	if [ $# != 0 ] || [ ! -d "$kernel_link/tree" ]; then
		provision_steps "$@"
	fi
	cache_unlock
}

provision_steps() {
	local entry steps=5
	entry=$(provision_begun)
	if [ $# = 1 ] || [ -z "$entry" ]; then
		step 1 "packages of this machine" host_install
		step 2 "newest kernel in $kernel_suite" provision_resolve
		entry=$kernel_link-$release
		[ -d "$entry" ] || provision_root "$entry"
	fi
	kernel_use "$entry"
	[ -d "$tree" ] || provision_tree
	ln -s "${entry##*/}" "$cache/.new-$kernel.link"
	cache_publish "$cache/.new-$kernel.link" "$kernel_link"
	say "kernel $kernel: $release is ready"
}

# A root filesystem whose tree an interrupted run did not get to: it is as good as new.
provision_begun() {
	local entry begun=
	for entry in "$kernel_link"-*; do
		if [ -d "$entry/root" ] && [ ! -d "$entry/tree" ]; then
			begun=$entry
		fi
	done
	printf '%s\n' "$begun"
}

provision_resolve() {
	local new
	new=$(cache_new resolve)
	resolve_kernel "$new"
	cache_remove "$new"
}

# provision_root ENTRY
provision_root() {
	local new
	cache_has_space 7
	new=$(cache_new root)
	step 3 "root filesystem: Debian $suite with kernel $release (about 100 s)" rootfs_debian "$new"
	step 4 "virtme-ng from PyPI" rootfs_tools "$new"
	cache_publish "$new" "$1"
}

provision_tree() {
	local new
	new=$(cache_new tree)
	if [ -n "$config" ]; then
		cache_has_space 4
		step 5 "kernel $release, built with $cc (15 to 40 minutes)" provision_own_tree "$new"
	else
		step 5 "kernel tree with Rust metadata for $release (about 90 s)" provision_debian_tree "$new"
	fi
	cache_publish "$new" "$tree"
}

provision_debian_tree() {
	tree_unpack "$1"
	tree_configure "$1"
	tree_prepare "$1"
	[ "$missing" != 9p ] || tree_add_9p "$1"
}

provision_own_tree() {
	tree_unpack "$1"
	image_configure "$1"
	image_build "$1"
	tree_prepare "$1"
}
