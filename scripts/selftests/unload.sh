#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Loading and unloading: refused while somebody uses a file, and without harm a hundred times.
. "${0%/*}/lib.sh"
plan 20

# in_use NAME: rmmod is refused, and says why.
in_use() {
	if rmmod rust_memalloc 2>"$work/message"; then
		fail "$1" "rmmod succeeded"
		reload
	elif ! grep -q "in use" "$work/message"; then
		fail "$1" "expected 'in use', got '$(cat "$work/message")'"
	elif ! ask "probe size=100" || ! grep -q "^complete" "$work/answer"; then
		fail "$1" "the module does not work any more: $(cat "$work/answer")"
	else
		return 0
	fi
	return 1
}

for file in report results scenarios held stats progress environment version; do
	name="rmmod is refused while $file is open"
	before=$(cat "$lab/$file")
	exec 4<"$lab/$file"
	if in_use "$name"; then
		expect "$name" "$before" "$(cat <&4)"
	fi
	exec 4<&-
done

name="rmmod is refused while run is open"
exec 4<>"$lab/run"
if in_use "$name"; then
	echo "probe size=77" >&4
	expect "$name" 1 "$(cat <&4 | grep -c '^requested bytes  *77$')"
fi
exec 4<&-

name="rmmod is refused during a run"
echo "probe repeat=1000000000" 2>/dev/null >"$lab/run" &
await grep -q '^run ' "$lab/progress"
if rmmod rust_memalloc 2>/dev/null; then
	fail "$name" "rmmod succeeded"
else
	kill -TERM $!
	wait $! 2>/dev/null
	expect "$name" "cancelled 0" "$(figure end status) $(figure end outstanding)"
fi

# insert NAME EXPECTED [PARAMETER…]: insmod fails with a message.
insert() {
	insert_name=$1 insert_expected=$2
	shift 2
	if insmod "$module" "$@" 2>"$work/message"; then
		fail "$insert_name" "insmod $* succeeded"
	elif grep -q "$insert_expected" "$work/message"; then
		return 0
	else
		fail "$insert_name" "expected '$insert_expected', got '$(cat "$work/message")'"
	fi
	return 1
}

name="a second one is refused, and harms nothing"
if insert "$name" "File exists"; then
	ask "probe size=100"
	expect "$name" 1 "$(grep -c ^complete "$work/answer")"
fi

reloaded=true
rmmod rust_memalloc
if [ -e "$lab" ] || [ -d /sys/module/rust_memalloc ]; then
	fail "after rmmod there is no directory" "$(ls -d "$lab" /sys/module/rust_memalloc 2>&1)"
else
	pass "after rmmod there is no directory"
fi

for parameters in max_live_bytes=abc max_live_bytes=-1 max_live_bytes=18446744073709551616 \
	timeout_ms= show_addresses=perhaps; do
	name="insmod with $parameters fails, and leaves nothing"
	if insert "$name" "Invalid parameters\|Numerical result out of range" "$parameters"; then
		if [ -e "$lab" ] || [ -d /sys/module/rust_memalloc ]; then
			fail "$name" "something is there"
		else
			pass "$name"
		fi
	fi
	[ ! -d /sys/module/rust_memalloc ] || rmmod rust_memalloc
done

# What debuggers want of it is most of the file, and takes most of the time.
small=$work/rust_memalloc.ko
strip --strip-debug -o "$small" "$module" 2>/dev/null || cp "$module" "$small"

# On a kernel that looks for bugs, each takes two seconds.
rounds=100
! is_scaled_down || rounds=20
name="insert and remove $rounds times"
problems='' round=0
while [ "$round" -lt "$rounds" ] && [ -z "$problems" ]; do
	round=$((round + 1))
	problems=$(insmod "$small" 2>&1 && rmmod rust_memalloc 2>&1) || problems="round $round: $problems"
done
expect "$name" "" "$problems"

# With processes that open whatever is there at that moment. A file that is open just then is a
# reason to be refused, and to try again. The kernel has a race of its own here: the last reference to
# a module is gone before its state says so (try_stop_module(), kernel/module/main.c), and who opens a
# file in between is warned of (full_proxy_open_regular(), fs/debugfs/file.c).
log_may_say "debugfs file owner did not clean up at exit"
name="insert and remove while files are being opened"
touch "$work/go"
while [ -e "$work/go" ]; do
	# Not `:`, a special built-in, with which dash would end where there is no such file.
	true <"$lab/stats"
	[ ! -e "$work/linger" ] || { sleep 0.1; } <"$lab/stats"
	sleep 0.02
done 2>/dev/null &
while [ -e "$work/go" ]; do
	(echo "probe size=10" >"$lab/run")
	sleep 0.02
done 2>/dev/null &
problems='' round=0 refused=0
while [ "$round" -lt 5 ] || { [ "$refused" = 0 ] && [ "$round" -lt 100 ]; }; do
	[ -z "$problems" ] || break
	round=$((round + 1))
	# Where all is fast, a file is seldom open at the right moment.
	[ "$round" != 30 ] || touch "$work/linger"
	insmod "$small" 2>"$work/message" || problems="insmod $round: $(cat "$work/message")"
	tries=0
	until rmmod rust_memalloc 2>"$work/message"; do
		tries=$((tries + 1)) refused=$((refused + 1))
		if [ "$tries" -gt 1000 ] || ! grep -q "in use\|unavailable" "$work/message"; then
			problems="rmmod $round, try $tries: $(cat "$work/message")"
			break
		fi
	done
done
rm "$work/go"
wait
log_may_say
echo "# rmmod was refused $refused times meanwhile"
[ -n "$problems" ] || [ "$refused" != 0 ] || problems="no file was open in any of $round rounds"
expect "$name" "" "$problems"

reload
ask "probe size=100"
expect "after all that it works" 1 "$(grep -c ^complete "$work/answer")"
finish
