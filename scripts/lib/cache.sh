# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cache: entries appear under their final name only when complete. They are made in
# directories named .new-*, which an interrupted run may leave behind, under one lock.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/rust_memalloc

# Should this process be killed, the lock lasts until all that it started has ended too: none
# of that can write into the next run's files.
cache_lock() {
	local said=
	while :; do
		mkdir -p "$cache"
		exec 9>"$cache/lock"
		if ! flock --nonblock 9; then
			[ -n "$said" ] || say "waiting for another run, or for what a killed one left running, in $cache"
			said=yes
			flock 9
		fi
		# While this run waited, another may have removed the cache and the lock with it.
		[ "$cache/lock" -ef /proc/self/fd/9 ] && break
	done
	cache_remove "$cache"/.new-*
	# Otherwise an interrupted program's own last words would be taken for a failure's cause.
	trap 'exit 130' INT
}

cache_unlock() {
	exec 9>&-
	trap - INT
}

# cache_new NAME: prints an empty directory that cache_publish will move into place.
cache_new() {
	mkdir "$cache/.new-$1"
	printf '%s\n' "$cache/.new-$1"
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
			"free some, or set XDG_CACHE_HOME to a directory on a larger disk"
}
