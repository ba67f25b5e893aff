#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The scenario `numa`: memory comes from the node asked for unless it is full, against numastat.
. "${0%/*}/lib.sh"

nodes=/sys/devices/system/node
number=$(find "$nodes" -maxdepth 1 -name 'node[0-9]*' | wc -l)
plan 6

# counter NODE NAME
counter() {
	sed -n "s/^$2 //p" "$nodes/node$1/numastat"
}

# placements STATE: node, allocator, flags, allocated, on_node of each row.
placements() {
	sed -n "s/.*\"node\":\([0-9]*\),\"state\":\"$1\",\"allocator\":\"\([a-z]*\)\",\"gfp\":\"\([^\"]*\)\",\"allocated\":\([0-9]*\),.*\"on_node\":\([0-9]*\),.*/\1 \2 \3 \4 \5/p" \
		"$lab/results"
}

ask "numa count=8" || cat "$work/answer"
problems=$(placements "as is" | while read -r node allocator flags allocated on_node; do
	[ "$allocated $on_node" = "8 8" ] ||
		echo "$allocator on node $node, $flags: $allocated allocated, $on_node on the node"
done)
expect "as they are, all nodes give what they are asked for" "" "$problems"
# kmalloc and pages also with thisnode.
expect "each node is asked by every allocator" "$((number * 6))" "$(placements "as is" | wc -l)"

if [ "$number" -lt 2 ]; then
	expect "the only node is not filled" \
		"not tried: to fill the only node would starve the machine" "$(figure full_node outcome)"
	for name in "the budget ends the filling" "a full node's neighbour gives, unless thisnode says no" \
		"numastat agrees"; do
		skip "$name" "this machine has one node"
	done
	finish
fi
skip "the only node is not filled" "this machine has several"

reload max_live_bytes=$((16 << 20))
ask "numa count=1" || cat "$work/answer"
expect "the budget ends the filling" \
	"false not full: the budget is used up (module parameter max_live_bytes)" \
	"$(figure full_node full) $(figure full_node outcome)"

# Enough for any node, but not for the machine: the scenario itself looks to the others.
reload max_live_bytes=$((1 << 40))
last=$((number - 1))
foreign_before=$(counter "$last" numa_foreign)
ask "numa count=8" || cat "$work/answer"
foreign=$(($(counter "$last" numa_foreign) - foreign_before))
if [ "$(figure full_node full)" != true ]; then
	skip "a full node's neighbour gives, unless thisnode says no" "$(figure full_node outcome)"
	skip "numastat agrees" "$(figure full_node outcome)"
	finish
fi
# The kernel reclaims a little meanwhile, which may serve a request or two.
problems=$(placements full | while read -r node allocator flags allocated on_node; do
	case $flags in
	*thisnode*) [ "$allocated" = "$on_node" ] && [ "$allocated" -le 4 ] ;;
	*) [ "$allocated" = 8 ] && [ "$on_node" -le 4 ] ;;
	esac || echo "$allocator on node $node, $flags: $allocated allocated, $on_node on the node"
done)
expect "a full node's neighbour gives, unless thisnode says no" "" "$problems"
# What was meant for the node and came from another: four series of eight, less what is left over.
if [ "$foreign" -ge 16 ]; then
	pass "numastat agrees"
else
	fail "numastat agrees" "expected 16 pages of other nodes at least, got $foreign"
fi
finish
