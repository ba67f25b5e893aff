# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel tree that modules are built against. Debian's headers packages carry no Rust
# metadata, so it is prepared from Debian's source with Debian's configuration, or with that of
# a kernel that is built here.

. "$repo/scripts/lib/image.sh"

# Two thirds of the source, which preparing never reads. Headers of drivers, some of which
# the Rust bindings include, stay, but for the largest group.
tree_left_out=(--exclude='*/Documentation/*/*' --exclude='*/drivers/*.[cS]' --exclude='*/sound/*.[ch]'
	--exclude='*/drivers/gpu/drm/amd/*.h')

# The arguments of every make in the tree: those that Debian gave, as far as they matter.
tree_make_arguments() {
	printf '%s\n' "KERNELRELEASE=$release" "CC=$cc" "HOSTCC=$hostcc" ${llvm:+"LLVM=$llvm"}
}

# tree_make DIRECTORY TARGET…: on the tree in the making, with the output in its log.
tree_make() {
	local new=$1 arguments
	shift
	mapfile -t arguments < <(tree_make_arguments)
	logged "$new/log" enter_root "$rootfs" --bind "$new/source" "$inner_source" --bind "$new/build" "$inner_build" -- \
		make -C "$inner_source" -j "$(nproc)" "O=$inner_build" "${arguments[@]}" "$@"
}

# tree_unpack DIRECTORY
tree_unpack() {
	local archive left_out=("${tree_left_out[@]}")
	[ -z "$config" ] || left_out=("${image_left_out[@]}")
	archive=$(echo "$rootfs"/usr/src/linux-source-*.tar.xz)
	mkdir "$1/source" "$1/build"
	logged "$1/log" enter_root "$rootfs" --bind "$1/source" "$inner_source" -- \
		tar --extract --file="${archive#"$rootfs"}" --no-same-owner \
		--strip-components=1 --directory="$inner_source" "${left_out[@]}" ||
		die "the kernel's source could not be unpacked"
}

# tree_configure DIRECTORY
tree_configure() {
	local headers=$rootfs/usr/src/linux-headers-$release
	cp "$headers/.config" "$headers/Module.symvers" "$1/build/"
	tree_make "$1" --silent olddefconfig || die "the kernel tree could not be configured"
}

# tree_prepare DIRECTORY: as a module's build needs it: generated headers, objtool, and the
# kernel's Rust crates, compiled by the same rustc as the kernel itself.
tree_prepare() {
	local new=$1
	tree_make "$new" --silent modules_prepare || die "the kernel tree could not be prepared"
	grep -q '^CONFIG_RUST=y' "$new/build/.config" ||
		die "$release lost CONFIG_RUST when its tree was prepared" \
			"the root filesystem's rustc or bindgen does not suit this kernel"
	[ -e "$new/build/rust/libkernel.rmeta" ] ||
		die "preparing the tree of $release made no Rust metadata"
}

# tree_add_9p DIRECTORY: builds the modules that mount the guest's root, as they stand in the kernel's
# source, for a flavour whose configuration leaves them out, and adds them to the others.
tree_add_9p() {
	local new=$1 to=$rootfs/usr/lib/modules/$release/updates
	mkdir -p "$new/build/memalloc"/{net,fs}
	tree_make "$new" --silent M=net/9p "MO=$inner_build/memalloc/net" CONFIG_NET_9P=m CONFIG_NET_9P_VIRTIO=m modules &&
		tree_make "$new" --silent M=fs/9p "MO=$inner_build/memalloc/fs" CONFIG_9P_FS=m \
			"KBUILD_EXTRA_SYMBOLS=$inner_build/memalloc/net/Module.symvers" modules ||
		die "the modules for 9p could not be built"
	mkdir -p "$to"
	cp "$new"/build/memalloc/*/*.ko "$to"
	logged "$new/log" enter_root "$rootfs" --bind "$rootfs" / --dev /dev --proc /proc -- depmod "$release"
}
