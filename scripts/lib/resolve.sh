# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which kernel the archive has today, asked with apt in a directory of our own.

mirror=${RUST_MEMALLOC_MIRROR:-http://deb.debian.org/debian}

# resolve_kernel DIRECTORY: sets release (7.3.4+deb13-amd64, or 7.3.4-1-NAME of one to build),
# version (7.3.4-1~bpo13+1), kernel_packages and source_package, all of one version, and
# apt_options to install them with. DIRECTORY is for apt's lists.
resolve_kernel() {
	local -x APT_CONFIG=$1/apt.conf
	local name
	resolve_update "$1"

	name="linux-image-$flavour"
	version=$(resolve_newest "$name")
	[ -n "$version" ] || die "$mirror has no $name in $kernel_suite"
	release=$(resolve_field "$name" "$version" Depends | tr ',' '\n' |
		sed -n "s/^ *linux-image-\([0-9][^ ]*-$flavour\) .*/\1/p")
	[ -n "$release" ] || die "$name $version in $kernel_suite does not name a kernel release"

	if [ -n "$config" ]; then
		release=${version%%[~+]*}-$kernel
		kernel_packages=()
	else
		kernel_packages=(linux-headers-"$release" linux-modules-"$release" linux-binary-"$release")
	fi
	source_package=$(resolve_field linux-source "$version" Depends | sed 's/ .*//')
	for name in "${kernel_packages[@]}" "${source_package:-linux-source}"; do
		[ -n "$(resolve_field "$name" "$version" Version)" ] ||
			die "$kernel_suite has linux-image-$flavour $version, but no $name of that version" \
				"the archive may be between two updates: try again in some hours"
	done
}

# An archive whose Release file has expired is old, perhaps on purpose, perhaps because
# somebody holds back updates: the user has to know.
resolve_update() {
	local dir=$1
	mkdir -p "$dir"/{etc,cache/archives/partial,state/lists/partial}
	: >"$dir/status"
	printf 'deb [signed-by=%s] %s %s main\n' "$debian_keyring" "$mirror" "$kernel_suite" >"$dir/etc/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir "$dir";
		Dir::State "state";
		Dir::State::status "$dir/status";
		Dir::Cache "cache";
		Dir::Etc "etc";
		Acquire::Languages "none";
		Acquire::Retries "5";
		APT::Architecture "amd64";
		APT::Architectures "amd64";
		APT::Sandbox::User "";
	CONF
	apt_options=()
	if ! apt-get update --error-on=any >"$dir/log" 2>&1; then
		grep -q 'Release file .* is expired' "$dir/log" || {
			cat "$dir/log" >&2
			die "apt-get cannot read $kernel_suite from $mirror" \
				"another mirror can be named with RUST_MEMALLOC_MIRROR=URL"
		}
		say "WARNING: $(grep -m 1 -o 'Release file .*' "$dir/log")"
		say "WARNING: going on without that check: updates of $kernel_suite may be missing"
		apt_options=('Acquire::Check-Valid-Until "false"')
		apt-get -o Acquire::Check-Valid-Until=false update --error-on=any >"$dir/log" 2>&1 || {
			cat "$dir/log" >&2
			die "apt-get cannot read $kernel_suite from $mirror"
		}
	fi
}

# apt-cache show prints the newest version first.
resolve_newest() {
	apt-cache show "$1" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1
}

# resolve_field PACKAGE VERSION FIELD
resolve_field() {
	apt-cache show "$1=$2" 2>/dev/null | sed -n "s/^$3: //p" | head -n 1
}
