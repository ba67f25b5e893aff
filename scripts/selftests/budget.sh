#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# max_live_bytes: what is charged, where it ends, and that it ends without a word in the log.
. "${0%/*}/lib.sh"
plan 20
reload max_live_bytes=1048576

expect "the budget is the parameter" 1048576 "$(environment max_live_bytes)"

# allowed NAME COMMAND
allowed() {
	if ask "$2"; then
		pass "$1"
	else
		fail "$1" "$2: $(cat "$work/answer")"
	fi
}

# over NAME COMMAND: refused, with the limit named in the answer and in `report`.
over() {
	if ask "$2"; then
		fail "$1" "$2: expected a refusal, got $(cat "$work/answer")"
	elif ! grep -q "max_live_bytes is $(environment max_live_bytes)" "$work/answer" ||
		[ "$(cat "$work/answer")" != "$(cat "$lab/report")" ]; then
		fail "$1" "$2: $(cat "$work/answer")" "report: $(cat "$lab/report")"
	else
		pass "$1"
	fi
}

allowed "exactly the budget is allowed" "probe allocator=pages size=1M"
over "one byte more, which is a block more, is not" "probe allocator=pages size=1048577"
over "one page more is not" "probe allocator=vmalloc size=1052672"
allowed "all of it at once in parts is allowed" "probe allocator=pages size=4k count=256"

# Memory of vmalloc takes the pages of its size, whatever the alignment; of kmalloc, all of it.
allowed "vmalloc takes no memory for an alignment" "probe allocator=vmalloc size=1 align=1M count=256"
expect "what is usable there is a page" 4096 "$(figure allocation usable_bytes)"
over "kmalloc does" "probe allocator=kmalloc size=1 align=2M"

# What there is no room for ends the series, and the answer has to say why.
ask "probe allocator=pages size=4k count=257"
expect "the part above ends the series" "257 256" "$(figure totals asked) $(figure totals allocated)"
if grep -q "max_live_bytes is 1048576" "$work/answer"; then
	pass "the answer says why the series ended"
else
	fail "the answer says why the series ended" "expected 'max_live_bytes is 1048576' in:" \
		"$(cat "$work/answer")"
fi
peak=$(awk '$1 == "pages" { print $6 }' "$lab/stats")
expect "the peak is the budget" 1048576 "$peak"

# What is held and what a run has were there at different times.
echo "alloc name=all allocator=pages size=1M" >"$lab/held"
expect "what is held adds nothing to it" "1048576 1048576 1" \
	"$(awk '$1 == "pages" { print $5, $6, $8 }' "$lab/stats")"
echo "free all" >"$lab/held"

# verdict_of CLAIM: in `results`.
verdict_of() {
	sed -n "s/.*\"id\":\"$1\".*\"verdict\":\"\([a-z_]*\)\".*/\1/p" "$lab/results"
}

# The budget of the laboratory says nothing about the kernel.
reload max_live_bytes=200000
ask claims
for claim in kmalloc-max-128k kmalloc-max-32-pages; do
	expect "$claim cannot be measured with less" not_measured \
		"$(verdict_of "$claim")"
done
reload max_live_bytes=4096
ask claims
for claim in kmalloc-contiguous vmalloc-never-contiguous vmalloc-promises-virtual-only \
	vmalloc-easier-when-large; do
	expect "$claim cannot be measured with hardly any" not_measured \
		"$(verdict_of "$claim")"
done
reload max_live_bytes=5000000
ask "limits allocator=kmalloc"
expect "what kmalloc never gives, kmalloc refuses" "4194304 allocator" \
	"$(figure limit largest_bytes) $(figure limit limited_by)"
reload max_live_bytes=50000
over "a structure that the budget does not allow is not half built" unwind
finish
