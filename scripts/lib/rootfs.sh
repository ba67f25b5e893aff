# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The root filesystem: a Debian with the compilers, the kernel, qemu and virtme-ng.

rootfs_packages="ca-certificates rustc rust-src rustfmt rust-clippy bindgen ${packages:-}
make flex bison bc libelf-dev libssl-dev kmod file python3 python3-pip busybox-static
qemu-system-x86 xz-utils procps util-linux mount iproute2 strace shellcheck
dkms python3-matplotlib"

# rootfs_debian DIRECTORY: makes DIRECTORY/root, with the kernel and what builds for it.
rootfs_debian() {
	local include=() name sources=()
	mapfile -t include < <(xargs -n 1 <<<"$rootfs_packages")
	for name in "${kernel_packages[@]}" "$source_package"; do
		include+=("$name=$version")
	done
	sources=("deb [signed-by=$debian_keyring] $mirror $suite main")
	[ "$suite" = "$kernel_suite" ] ||
		sources+=("deb [signed-by=$debian_keyring] $mirror $kernel_suite main")
	rootfs_bootstrap "$1" "$suite" "${include[*]}" "${sources[@]}"
	# bwrap cannot make the places to bind to in a root that is read-only.
	mkdir -p "$1/root$inner_source" "$1/root$inner_build" "$1/root$inner_repo" "$1/root$inner_vm"
}

# rootfs_bootstrap DIRECTORY SUITE PACKAGES SOURCE…: makes DIRECTORY/root, a Debian with PACKAGES
# from the lines SOURCE of sources.list. It goes through tar so that every file belongs to the
# user, whose only id is mapped inside.
rootfs_bootstrap() {
	local new=$1 of=$2 include=${3// /,} mode=unshare
	shift 3
	# mmdebstrap's own working directory must be open to the subordinate user ids,
	# which a home directory often is not.
	local -x TMPDIR=${TMPDIR:-/var/tmp}
	if [ "$(id -u)" = 0 ]; then
		mode=root
		TMPDIR=$new
	fi
	mkdir "$new/root"
	mmdebstrap --mode="$mode" --variant=apt --format=tar \
		--include="$include" --aptopt='Acquire::Retries "5"' "${apt_options[@]/#/--aptopt=}" \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
		"$of" - "$@" 2>>"$new/log" |
		tar --extract --no-same-owner --exclude='./dev/*' --directory="$new/root" || {
		tail -n 40 "$new/log" >&2
		die "mmdebstrap could not make the root filesystem"
	}
}

# rootfs_tools DIRECTORY: what comes from PyPI.
rootfs_tools() {
	local new=$1
	host_network
	logged "$new/log" enter_root "$new/root" --bind "$new/root" / --dev /dev --proc /proc --tmpfs /tmp \
		"${network_options[@]}" --ro-bind "$repo/scripts/requirements.txt" /tmp/requirements.txt -- \
		pip install --quiet --break-system-packages --root-user-action=ignore --no-cache-dir \
		--requirement /tmp/requirements.txt ||
		die "pip could not install what scripts/requirements.txt lists" \
			"behind a proxy, set https_proxy, and SSL_CERT_FILE to its certificate"
	rootfs_cache_9p "$new/root"
	# shellcheck disable=SC2016 # names of dpkg's fields
	{
		enter_root "$new/root" -- dpkg-query --show --showformat='${Package} ${Version}\n'
		enter_root "$new/root" -- pip list --format=freeze
	} >"$new/versions" 2>>"$new/log"
}

# rootfs_cache_9p ROOT: virtme-ng mounts the guest's root, which nobody writes to, without a
# cache, so that each program that starts reads the C library through 9p again. (virtiofs has
# a cache, but without KVM qemu does not see what virtiofsd writes into the guest's memory,
# and goes on running code of a page's former use.)
rootfs_cache_9p() {
	local file options='version=9p2000.L,trans=virtio,access=any,msize=524288'
	file=$(echo "$1"/usr/local/lib/python3*/dist-packages/virtme/mkinitramfs.py)
	sed -i "s|$options /dev/root|$options,cache=loose /dev/root|" "$file"
	grep -q cache=loose "$file" || die "this virtme-ng mounts its root in another way than the pinned one"
}
