# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A root filesystem with programs that documentation, packaging and some tests need, and no kernel.

. "$repo/scripts/lib/cache.sh"
. "$repo/scripts/lib/enter.sh"

tools_suite=trixie
tools_packages="ca-certificates make git file python3 python3-pip python3-numpy python3-scipy python3-matplotlib
python3-sphinx python3-jsonschema python3-yaml man-db mandoc groff chromium fonts-dejavu-core
build-essential debhelper dh-dkms dh-python dkms lintian devscripts fakeroot
rustc cargo rust-src clang-19 llvm-19 libclang-rt-19-dev lld-19"

# tools_ensure: makes it ready unless it is, and sets tools_root.
tools_ensure() {
	local key
	key=$(echo 1 "$tools_suite" "$tools_packages" | sha256sum | cut -c 1-12)
	tools_root=$cache/tools-$key/root
	[ -d "$tools_root" ] || tools_provision "$cache/tools-$key"
}

# tools_provision ENTRY
tools_provision() {
	local new steps=2
	. "$repo/scripts/lib/host.sh"
	. "$repo/scripts/lib/resolve.sh"
	. "$repo/scripts/lib/rootfs.sh"
	cache_lock tools
	# Another run may have been faster.
	if [ ! -d "$1" ]; then
		cache_has_space 5
		step 1 "packages of this machine" host_install
		new=$(cache_new tools)
		step 2 "root filesystem with tools: Debian $tools_suite (about 3 minutes)" tools_bootstrap "$new"
		cache_publish "$new" "$1"
	fi
	cache_unlock
}

# tools_bootstrap DIRECTORY
tools_bootstrap() {
	apt_options=()
	rootfs_bootstrap "$1" "$tools_suite" "$(xargs <<<"$tools_packages")" \
		"deb [signed-by=$debian_keyring] $mirror $tools_suite main"
	mkdir -p "$1/root$inner_repo"
}

# tools_enter [BWRAP-OPTION…] -- COMMAND…: runs COMMAND there, in the repository, which it may write.
tools_enter() {
	enter_root "$tools_root" --bind "$repo" "$inner_repo" --chdir "$inner_repo" "$@"
}
