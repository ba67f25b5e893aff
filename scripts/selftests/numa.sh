#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Memory from the node that was asked for: by the module's own account, and by the kernel's.
. "${0%/*}/lib.sh"

nodes=/sys/devices/system/node
number=$(find "$nodes" -maxdepth 1 -name 'node[0-9]*' | wc -l)
names="kmalloc vmalloc kvmalloc pages"
plan 12

# hits NODE: allocations on that node that were meant for it.
hits() {
	sed -n 's/^numa_hit //p' "$nodes/node$1/numastat"
}

# all_on NODE COMMAND: prints what is not on the node.
all_on() {
	ask "$2" || cat "$work/answer"
	[ "$(figure allocation node) $(figure allocation pages_elsewhere)" = "$1 0" ] ||
		echo "$2: first page on node $(figure allocation node)," \
			"$(figure allocation pages_elsewhere) pages elsewhere"
	[ "$(figure end status)" = complete ] || echo "$2: $(figure end status)"
}

for node in 7 "$number"; do
	name="node $node, which is not there, is refused"
	if ask "probe node=$node"; then
		fail "$name" "it ran: $(cat "$work/answer")"
	else
		expect "$name" \
			"refused: node=$node: that node is not online; give any, or an online one" "$(cat "$work/answer")"
	fi
done

if [ "$number" -lt 2 ]; then
	for name in $names; do
		skip "$name on node 0" "this machine has one node"
		skip "$name on node 1" "this machine has one node"
	done
	skip "numastat agrees for node 0" "this machine has one node"
	skip "numastat agrees for node 1" "this machine has one node"
	finish
fi

# A node is a preference. Where that node has no free block of the order, another's is taken
# before memory is compacted: so the orders stay small, but for thisnode, which insists.
for name in $names; do
	for node in 0 1; do
		problems=$(
			all_on "$node" "probe allocator=$name node=$node size=100"
			all_on "$node" "probe allocator=$name node=$node size=20000 zero=yes"
			case $name in
			kmalloc | pages)
				all_on "$node" "probe allocator=$name node=$node size=9000 gfp=atomic+thisnode"
				all_on "$node" "probe allocator=$name node=$node size=300000 gfp=kernel+thisnode"
				;;
			esac
		)
		expect "$name on node $node" "" "$problems"
	done
done

# numastat counts pages from the buddy allocator or its per-CPU lists. Other tasks allocate too,
# but far less.
for node in 0 1; do
	other=$((1 - node)) name="numastat agrees for node $node"
	own_before=$(hits "$node") other_before=$(hits "$other")
	ask "probe allocator=pages node=$node repeat=20000"
	own=$(($(hits "$node") - own_before)) foreign=$(($(hits "$other") - other_before))
	if [ "$own" -ge 20000 ] && [ "$foreign" -lt 10000 ]; then
		pass "$name"
	else
		fail "$name" "expected 20000 hits there, got $own, and $foreign on the other node"
	fi
done
finish
