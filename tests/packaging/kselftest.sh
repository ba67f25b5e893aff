#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The installed selftests, run by the kernel's own runner. Runs in a virtual machine, without the module.
# usage: kselftest.sh FOLDER
set -u
. "${0%/*}/lib.sh"
cd "$1" || exit
work=$(mktemp -d -p /run)

if [ "${INSTALLED_TESTS:-}" = all ]; then
	output=$(./run_kselftest.sh 2>&1)
	told=$(printf '%s\n' "$output" | grep -E '^(not )?ok [0-9]+ selftests: rust_memalloc: ')
	expect "the kernel's runner runs all tests" "$(grep -c . kselftest-list.txt)" "$(printf '%s\n' "$told" | grep -c .)"
	expect "and none fails" "" "$(printf '%s\n' "$told" | grep '^not ok')"
fi
output=$(./run_kselftest.sh --test rust_memalloc:owners.sh --test rust_memalloc:held.sh 2>&1)
expect "the kernel's runner passes two tests" 2 "$(printf '%s\n' "$output" | grep -c '^ok [12] selftests: rust_memalloc: [a-z_]*\.sh$')"
expect "they leave no module behind" "" "$(ls -d /sys/module/rust_memalloc 2>/dev/null)"

# LAVA's own program is not here; what it would be told is.
cat >"$work/lava-test-case" <<-'PROGRAM'
	#!/bin/sh
	echo "told: $*"
PROGRAM
printf '#!/bin/sh\nexit 1\n' >"$work/failing.sh"
chmod +x "$work/lava-test-case" "$work/failing.sh"
printf 'rust_memalloc:%s.sh\n' held slab_debug owners >"$work/list"
mount --bind "$work/list" kselftest-list.txt
mount --bind "$work/failing.sh" rust_memalloc/owners.sh
told=$(PATH=$work:$PATH rust_memalloc/lava | sed -n 's/^told: //p')
expect "LAVA is told of a pass, a skip and a failure" \
	"held --result pass, slab_debug --result skip, owners --result fail" "$(printf '%s' "$told" | sed ':a;N;$!ba;s/\n/, /g')"
umount kselftest-list.txt rust_memalloc/owners.sh
rm output.txt
