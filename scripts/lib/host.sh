# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What this machine must have, and what of its settings the inside needs.

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

host_missing_packages() {
	command -v mmdebstrap >/dev/null || echo mmdebstrap
	command -v bwrap >/dev/null || echo bubblewrap
	command -v newuidmap >/dev/null || echo uidmap
	[ -e "$debian_keyring" ] || echo debian-archive-keyring
}

# Installs the few packages that the host itself needs, or says how to.
host_install() {
	# Several entries of the cache may be made at once.
	local descriptor
	exec {descriptor}>"$cache/lock.host"
	cache_wait --exclusive "$descriptor"
	host_install_missing
	exec {descriptor}>&-
}

host_install_missing() {
	local missing
	[ "$(uname -m)" = x86_64 ] ||
		die "this is a $(uname -m) machine; the kernels are built for x86_64 only"
	missing=$(host_missing_packages | xargs)
	if [ -n "$missing" ]; then
		command -v apt-get >/dev/null ||
			die "missing on this machine: $missing" "install them with its package manager"
		[ "$(id -u)" = 0 ] ||
			die "missing on this machine: $missing" "type: sudo apt-get install -y $missing"
		say "installing on this machine: $missing"
		# shellcheck disable=SC2086 # a list of words
		{
			logged "$cache/host.log" apt-get update
			logged "$cache/host.log" env DEBIAN_FRONTEND=noninteractive \
				apt-get install -y --no-install-recommends $missing
		} || die "apt-get could not install $missing"
	fi
	host_check_namespaces
}

# Both mmdebstrap and bwrap live on user namespaces, which some systems restrict.
host_check_namespaces() {
	local message user
	message=$(bwrap --unshare-user --uid 0 --gid 0 --ro-bind / / true 2>&1) ||
		die "bwrap cannot make a user namespace: $message" \
			"look at: sysctl user.max_user_namespaces kernel.unprivileged_userns_clone" \
			"         kernel.apparmor_restrict_unprivileged_userns"
	[ "$(id -u)" = 0 ] && return
	user=$(id -un)
	if ! grep -q "^\($user\|$(id -u)\):" /etc/subuid || ! grep -q "^\($user\|$(id -u)\):" /etc/subgid; then
		die "$user has no subordinate user ids, which mmdebstrap needs" \
			"type: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $user"
	fi
}

# host_network: sets network_options to the bwrap options with which programs inside reach
# the network as programs outside do: names, proxies, pip's settings, trusted certificates.
host_network() {
	local name file certificates=/etc/ssl/certs/ca-certificates.crt
	network_options=()
	for file in /etc/resolv.conf /etc/hosts; do
		[ -e "$file" ] && network_options+=(--ro-bind "$(realpath "$file")" "$file")
	done
	for name in $(compgen -e); do
		case $name in
		PIP_CERT | PIP_CONFIG_FILE) ;;
		PIP_FIND_LINKS)
			# A directory of this machine is not visible inside.
			case ${!name} in *://*) network_options+=(--setenv "$name" "${!name}") ;; esac
			;;
		PIP_* | [hH][tT][tT][pP]_[pP][rR][oO][xX][yY] | [hH][tT][tT][pP][sS]_[pP][rR][oO][xX][yY] | \
			[aA][lL][lL]_[pP][rR][oO][xX][yY] | [nN][oO]_[pP][rR][oO][xX][yY])
			network_options+=(--setenv "$name" "${!name}")
			;;
		esac
	done
	for file in "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" "$certificates" /etc/pki/tls/certs/ca-bundle.crt; do
		if [ -f "$file" ]; then
			network_options+=(--ro-bind "$(realpath "$file")" "$certificates")
			break
		fi
	done
	network_options+=(--setenv SSL_CERT_FILE "$certificates" --setenv REQUESTS_CA_BUNDLE "$certificates"
		--setenv PIP_CERT "$certificates")
	# A mirror of PyPI may be set in a file instead.
	for file in /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
		[ -f "$file" ] && network_options+=(--ro-bind "$file" /tmp/pip.conf --setenv PIP_CONFIG_FILE /tmp/pip.conf)
	done
	return 0
}
