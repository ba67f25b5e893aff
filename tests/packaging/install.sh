#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# `make install` and `make uninstall`, into a folder. Runs in a kernel's root filesystem.
# usage: install.sh KDIR BUILD MAKE-ARGUMENT…
set -u
. "${0%/*}/lib.sh"
kdir=$1 build=$2
shift 2
work=$(mktemp -d)
export INSTALL_MOD_PATH="$work/root"
release=$(cat "$kdir/include/config/kernel.release")
made=$(sha256sum "$build/rust_memalloc.ko")

# installed: the file that modprobe would insert, without what comes before /lib.
installed() {
	modprobe --dirname="$INSTALL_MOD_PATH" --set-version="$release" --dry-run --verbose rust_memalloc 2>/dev/null |
		sed "s|^insmod $INSTALL_MOD_PATH\(\S*\) *|\1|"
}

mkdir -p "$INSTALL_MOD_PATH/lib/modules/$release"
expect "at first modprobe finds no module" "" "$(installed)"
says "make install says that it has no key" 0 "not signed, for there is no key" \
	make install KDIR="$kdir" BUILD="$build" "$@"
case $(installed) in
"/lib/modules/$release/updates/rust_memalloc.ko"*) pass "modprobe finds it" ;;
*) fail "modprobe finds it" "it finds '$(installed)'" ;;
esac

openssl req -new -x509 -nodes -days 3 -subj "/CN=key of a test" -newkey rsa:2048 -outform DER \
	-keyout "$work/key" -out "$work/certificate" 2>/dev/null
says "with a key it is signed" 0 "signed with $work/key" \
	make install KDIR="$kdir" BUILD="$build" SIGN_KEY="$work/key" SIGN_CERT="$work/certificate" "$@"
expect "modinfo names the signer" "key of a test" "$(modinfo -F signer "$INSTALL_MOD_PATH$(installed)")"
expect "what make built is as it was" "$made" "$(sha256sum "$build/rust_memalloc.ko")"

strict=$(changed_tree "$kdir" include/config/auto.conf 's/^CONFIG_MODULE_SIG=y/&\nCONFIG_MODULE_SIG_FORCE=y/')
says "a kernel that wants signatures gets no module without" 2 "takes signed modules only" \
	make install KDIR="$strict" BUILD="$build" "$@"
says "a key that is not there is no key" 2 "cannot be read" \
	make install KDIR="$kdir" BUILD="$build" SIGN_KEY="$work/none" SIGN_CERT="$work/certificate" "$@"
other=$(changed_tree "$kdir" include/config/kernel.release 's/.*/9.9.9/')
says "another kernel's module is refused" 2 "was built for $release, not for 9.9.9" \
	make install KDIR="$other" BUILD="$build" KERNELRELEASE=

says "make uninstall removes it" 0 "removed" make uninstall KDIR="$kdir"
expect "then modprobe finds none" "" "$(installed)"
says "what is not there cannot be removed" 2 "no rust_memalloc is installed" make uninstall KDIR="$kdir"

make install-tools DESTDIR="$work/tools" PREFIX=/usr
says "the command line runs where it was installed" 0 "usage: memalloc" "$work/tools/usr/bin/memalloc" --help
says "with all that its commands need" 1 "no experiment in it" "$work/tools/usr/bin/memalloc" compare "$work" "$work"
expect "bash and zsh find its completions" 2 \
	"$(find "$work/tools/usr/share" -path '*completions/memalloc' -o -name _memalloc | wc -l)"
make uninstall-tools DESTDIR="$work/tools" PREFIX=/usr
expect "make uninstall-tools leaves no file" "" "$(find "$work/tools" -not -type d)"
