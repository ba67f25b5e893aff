# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What others publish to check files for their programs: LAVA's schema of jobs, which is Debian's
# package lava-common, and GitHub's schema of workflows, which check-jsonschema carries.

. "$repo/scripts/lib/tools.sh"

validators_suite=trixie-backports
validators_python="check-jsonschema==0.39.0 voluptuous==0.15.2"

# validators_ensure: makes them ready unless they are, and sets validators, a folder with lava/ and python/.
validators_ensure() {
	local key
	tools_ensure
	key=$(echo 1 "$validators_suite" "$validators_python" | sha256sum | cut -c 1-12)
	validators=$cache/validators-$key
	[ -d "$validators" ] || validators_provision "$validators"
}

# validators_provision ENTRY
validators_provision() {
	local new
	. "$repo/scripts/lib/host.sh"
	. "$repo/scripts/lib/resolve.sh"
	cache_lock validators
	if [ ! -d "$1" ]; then
		new=$(cache_new validators)
		host_network
		# shellcheck disable=SC2016 # expanded inside
		logged "$new/log" enter_root "$tools_root" --bind "$new" /mnt "${network_options[@]}" -- sh -c '
			set -e
			mkdir -p /tmp/apt/lists/partial /tmp/apt/archives/partial /mnt/lava
			echo "$1" >/tmp/apt/list
			apt() {
				apt-get -o Dir::State::lists=/tmp/apt/lists -o Dir::Cache=/tmp/apt \
					-o Dir::Etc::sourcelist=/tmp/apt/list -o Dir::Etc::sourceparts=/dev/null \
					-o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false \
					-o Acquire::Retries=5 "$@"
			}
			apt update
			cd /tmp/apt
			apt download lava-common
			dpkg-deb --extract lava-common_*.deb /mnt/lava
			shift
			pip install --quiet --no-cache-dir --root-user-action=ignore --target /mnt/python "$@"
			' sh "deb [signed-by=$debian_keyring] $mirror $validators_suite main" $validators_python ||
			die "the public schemas could not be had"
		cache_publish "$new" "$1"
	fi
	cache_unlock
}

# validators_enter COMMAND…: in the root filesystem of tools, with them in Python's path.
validators_enter() {
	tools_enter --ro-bind "$validators" /mnt \
		--setenv PYTHONPATH /mnt/python:/mnt/lava/usr/lib/python3/dist-packages -- "$@"
}
