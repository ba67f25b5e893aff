#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# DKMS, with the source of the Debian package. Runs in a kernel's root filesystem, where /var/lib/dkms and
# /usr/lib/modules are empty but for what the kernel's tree is found by.
# usage: dkms.sh SOURCE KDIR
set -u
. "${0%/*}/lib.sh"
source=$1 kdir=$2
release=$(cat "$kdir/include/config/kernel.release")
module=rust-memalloc/$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$source/dkms.conf")
log=/var/lib/dkms/$module/build/make.log
sources=$(mktemp -d)
installed=/usr/lib/modules/$release/updates/dkms/rust_memalloc.ko

# passed_over NAME KDIR TEXT: DKMS ends with its status for kernels that are none of the module's business,
# and says why in a line of its own or of the log's.
passed_over() {
	got=0
	output=$(dkms build "$module" -k "$release" --kernelsourcedir "$2" 2>&1) || got=$?
	[ ! -e "$log" ] || output="$output
$(cat "$log")"
	if [ "$got" != 77 ]; then
		fail "$1" "it ended with $got: $output"
	elif ! printf '%s\n' "$output" | grep -qF -- "$3"; then
		fail "$1" "it does not say '$3': $output"
	else
		pass "$1"
	fi
}

# As the package of a kernel's image does; without, DKMS takes the kernel for one that is not there.
depmod -a "$release"
dkms add "$source" --sourcetree "$sources" >/dev/null
expect "dkms takes the source" "$module: added" "$(dkms status)"

without=$(changed_tree "$kdir" include/config/auto.conf '/^CONFIG_RUST=/d')
passed_over "a kernel without Rust is passed over" "$without" "BUILD_EXCLUSIVE directive"
says "preflight says why" 1 "was built without Rust" "$source/scripts/preflight" "$without"
says "preflight says that there is no tree" 1 "there is no kernel build tree at /nowhere" "$source/scripts/preflight" /nowhere
passed_over "so is one whose headers have no metadata" "/usr/src/linux-headers-$release" "has no Rust metadata"
sourceless=$(changed_tree "$kdir" Makefile 's|^include .*|include /nowhere/Makefile|')
passed_over "so is one whose source is gone" "$sourceless" "the kernel's source is not there: /nowhere"
says "preflight says that there is no bindgen" 1 "here is no bindgen" \
	env BINDGEN=/nowhere/bindgen "$source/scripts/preflight" "$kdir"
says "preflight says that there is no libclang" 1 "finds no libclang" \
	env LIBCLANG_PATH=/nowhere "$source/scripts/preflight" "$kdir"
another=$(changed_tree "$kdir" include/config/auto.conf 's/^\(CONFIG_RUSTC_VERSION_TEXT=\).*/\1"rustc 1.2.3"/')
passed_over "so is one that another rustc built" "$another" "was built with 'rustc 1.2.3'"

got=0
output=$(dkms install "$module" -k "$release" --kernelsourcedir "$kdir" 2>&1) || got=$?
[ "$got" = 0 ] || output="$output
$(cat "$log")"
if [ "$got" = 0 ] && [ -e "$installed" ]; then
	pass "dkms builds and installs the module"
else
	fail "dkms builds and installs the module" "it ended with $got: $output"
fi
says "modprobe finds it" 0 "insmod /lib/modules/$release/updates/dkms/rust_memalloc.ko" \
	modprobe --set-version="$release" --dry-run --verbose rust_memalloc
expect "dkms signed it" "DKMS module signing key" "$(modinfo -F signer "$installed")"
dkms remove "$module" --all >/dev/null
expect "dkms removes it" "" "$(dkms status)$(find /usr/lib/modules -name 'rust_memalloc*')"
