#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The Debian packages. Runs in the root filesystem of tools.
# usage: deb.sh FOLDER: which has the packages, and where they are unpacked into root/
set -u
. "${0%/*}/lib.sh"
folder=$1
repo=$(pwd)
cd "$folder" || exit

# Without a manual page in the tree there is none in the package.
tags=''
[ -e "$(find "$repo/Documentation" -name 'memalloc.1' | head -n 1)" ] || tags="--suppress-tags no-manual-page"
# shellcheck disable=SC2086 # no or two words
says "lintian accepts the packages" 0 "" lintian --allow-root --fail-on error,warning $tags ./*.changes

rm -rf root
for package in ./*.deb; do
	dpkg-deb --extract "$package" root
done
expect "there are two" 2 "$(find . -maxdepth 1 -name '*.deb' | wc -l)"
version=$(sed -n 's/^pub(crate) const VERSION: &str = "\(.*\)";/\1/p' "$repo/rust_memalloc.rs")
expect "they have the module's version" "rust-memalloc_$version.dsc" "$(echo ./*.dsc | sed 's|\./||')"
expect "so has the source for DKMS" "PACKAGE_VERSION=\"$version\"" \
	"$(grep '^PACKAGE_VERSION=' "root/usr/src/rust-memalloc-$version/dkms.conf")"
expect "that has sources only" "" "$(find root/usr/src -name '*.o' -o -name '*.ko' -o -name '.*.cmd')"
says "the command line runs" 0 "usage: memalloc" root/usr/bin/memalloc --help
says "with all that its commands need" 1 "no experiment in it" root/usr/bin/memalloc compare root root
for word in bindgen rustc dkms; do
	says "the source's package depends on $word" 0 "$word" dpkg-deb --field "$(echo ./*-dkms_*.deb)" Depends
done
