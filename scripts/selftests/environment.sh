#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the module says about itself and about the machine, compared with other sources.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2046 # one word for each name
set -- $(scenario_names)
plan $((16 + $#))

# meminfo NAME: in KiB.
meminfo() {
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# boot_option NAME CONFIG: yes or no, as the command line has it, or else the configuration.
boot_option() {
	value=$(tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1)
	case ${value:-$(grep -c "^$2=y" "$config")} in
	1 | y | on) echo yes ;;
	*) echo no ;;
	esac
}

config=/lib/modules/$(uname -r)/config
[ -f "$config" ] || config=/boot/config-$(uname -r)
if [ ! -f "$config" ] && [ -e /proc/config.gz ]; then
	config=$work/config
	zcat /proc/config.gz >"$config"
fi

expect "kernel is what uname says" "$(uname -r)" "$(environment kernel)"
expect "cpus_online is what nproc says" "$(nproc)" "$(environment cpus_online)"
expect "nodes_online is what sysfs has" \
	"$(find /sys/devices/system/node -maxdepth 1 -name 'node[0-9]*' | wc -l)" "$(environment nodes_online)"
expect "memory_bytes is MemTotal" $(($(meminfo MemTotal) * 1024)) "$(environment memory_bytes)"
expect "page_bytes is what getconf says" "$(getconf PAGESIZE)" "$(environment page_bytes)"
expect "the default budget is a quarter of memory" \
	$(($(meminfo MemTotal) * 1024 / 4)) "$(environment max_live_bytes)"
expect "stats names the same budget" \
	"$(environment max_live_bytes)" "$(sed -n 's/^max_live_bytes //p' "$lab/stats")"
if [ -f "$config" ]; then
	expect "init_on_alloc is as booted" \
		"$(boot_option init_on_alloc CONFIG_INIT_ON_ALLOC_DEFAULT_ON)" "$(environment init_on_alloc)"
	expect "init_on_free is as booted" \
		"$(boot_option init_on_free CONFIG_INIT_ON_FREE_DEFAULT_ON)" "$(environment init_on_free)"
	wanted=$(awk -F '[= ]' '
		NR == FNR { if ($2 == "y") set[$1]; next }
		/^CONFIG_/ { print $1, $1 in set ? "y" : "n"; found = 1 }
		END { if (!found) print "a line for each option" }' "$config" "$lab/environment")
	expect "every CONFIG_ line agrees with the kernel's configuration" \
		"$wanted" "$(grep '^CONFIG_' "$lab/environment")"
else
	for name in init_on_alloc init_on_free "every CONFIG_ line"; do
		skip "$name" "the kernel's configuration is not in the guest"
	done
fi

# Debian builds KFENCE, but switched off unless the boot says otherwise.
if [ -r /sys/module/kfence/parameters/sample_interval ]; then
	expect "kfence_sample_interval_ms is as booted" \
		"$(cat /sys/module/kfence/parameters/sample_interval)" "$(environment kfence_sample_interval_ms)"
else
	skip "kfence_sample_interval_ms is as booted" "no KFENCE in this kernel"
fi

expect "the modes are as documented" \
	"755 . 400 environment 600 held 400 progress 400 report 400 results 600 run 400 scenarios 400 stats 400 version" \
	"$(cd "$lab" && stat -c '%a %n' . ./* | sed 's,\./,,' | tr '\n' ' ' | sed 's/ $//')"
if setpriv --reuid=65534 --regid=65534 --clear-groups cat "$lab/stats" >/dev/null 2>&1; then
	fail "an unprivileged user cannot read" "uid 65534 read stats"
else
	pass "an unprivileged user cannot read"
fi

expect "version has the three versions" "abi N results N module N.N.N " \
	"$(sed 's/[0-9][0-9]*/N/g' "$lab/version" | tr '\n' ' ')"

expect "scenarios lists those that there are" \
	"probe sweep compare orders classes limits resize duplicate overflow unwind cache context gfp numa fragment latency scale claims misuse" "$*"
# A kernel that looks for bugs takes minutes for some of them. There it is enough that they are cut short.
# Elsewhere the usual minute is enough too, unless the host is busy.
enough=complete:
if ! is_scaled_down; then
	reload timeout_ms=600000
else
	echo "# scaled down: three seconds a scenario; make soak lets them end"
	enough="stopped: out of time"
	reload timeout_ms=3000
fi
for name; do
	ask "$name" || true
	cat "$work/answer" "$lab/results" >>"$work/answers"
	ended=$(last_line "$work/answer")
	case $ended in
	complete:* | "$enough"*) pass "$name runs by its name alone" ;;
	*) fail "$name runs by its name alone" "expected 'complete: …', got '$ended'" ;;
	esac
done
# An address of the upper half, however it is cut into digits; a frame with its name.
expect "no answer of theirs shows an address" "" \
	"$(grep -E -i 'ffff[0-9a-f]{12}|0xff[0-9a-f]{14}|first_pfn|page frame' "$work/answers")"
finish
