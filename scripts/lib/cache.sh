# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cache: entries appear under their final name only when complete. They are made in
# directories named .new-*, which an interrupted run may leave behind, under a lock for each kind
# of entry, so that a kernel can be built while another one is downloaded.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/rust_memalloc

# cache_lock KIND: KIND is a kernel's name, or what else there is one of.
#
# Should this process be killed, the lock lasts until all that it started has ended too: none
# of that can write into the next run's files.
cache_lock() {
	cache_kind=$1
	while :; do
		mkdir -p "$cache"
		# Not below 10: mmdebstrap has a shell use the descriptors that it gets, and dash knows those of
		# one digit only.
		exec {cache_descriptor}>"$cache/lock" {kind_descriptor}>"$cache/lock-$1"
		cache_wait --shared "$cache_descriptor"
		cache_wait --exclusive "$kind_descriptor"
		# While this run waited, the cache may have been emptied, and the locks with it.
		[ "$cache/lock" -ef "/proc/self/fd/$cache_descriptor" ] &&
			[ "$cache/lock-$1" -ef "/proc/self/fd/$kind_descriptor" ] && break
		cache_close
	done
	cache_remove "$cache/.new-$1."*
	# Otherwise an interrupted program's own last words would be taken for a failure's cause.
	trap 'exit 130' INT
}

# cache_empty: removes all entries while nobody makes one. Others may be waiting for the lock.
cache_empty() {
	local path
	mkdir -p "$cache"
	exec {cache_descriptor}>"$cache/lock"
	cache_wait --exclusive "$cache_descriptor"
	for path in "$cache"/* "$cache"/.new-*; do
		[ "$path" = "$cache/lock" ] || cache_remove "$path"
	done
}

# cache_wait HOW DESCRIPTOR
cache_wait() {
	flock "$1" --nonblock "$2" || {
		say "waiting for another run, or for what a killed one left running, in $cache"
		flock "$1" "$2"
	}
}

cache_unlock() {
	cache_close
	trap - INT
}

# cache_close: for what goes on by itself, and must not hold the locks.
cache_close() {
	exec {cache_descriptor}>&- {kind_descriptor}>&-
}

# cache_new NAME: prints an empty directory that cache_publish will move into place.
cache_new() {
	mkdir "$cache/.new-$cache_kind.$1"
	printf '%s\n' "$cache/.new-$cache_kind.$1"
}

# cache_publish DIRECTORY TARGET
cache_publish() {
	mv --no-target-directory "$1" "$2"
}

# cache_remove PATH…: a root filesystem has directories that even their owner may not write.
cache_remove() {
	local path
	for path in "$@"; do
		[ -e "$path" ] || [ -L "$path" ] || continue
		rm -rf "$path" 2>/dev/null || {
			chmod -R u+rwX "$path" 2>/dev/null || true
			rm -rf "$path"
		}
	done
}

# cache_has_space GIBIBYTES
cache_has_space() {
	local free
	free=$(df --output=avail -k "$cache" | tail -n 1)
	[ "$free" -ge $(($1 * 1024 * 1024)) ] ||
		die "$cache has $((free / 1024 / 1024)) GiB of free space, and $1 GiB are needed" \
			"free some (make distclean-cache removes what is kept of other kernels, too)," \
			"or set XDG_CACHE_HOME to a directory on a larger disk"
}
