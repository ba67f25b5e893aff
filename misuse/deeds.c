// SPDX-License-Identifier: GPL-2.0
/*
 * The deeds in C. The compiler must neither see through them nor warn: hence OPTIMIZER_HIDE_VAR(), and
 * volatile accesses, which KASAN looks at as at all others.
 */

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "deeds.h"

void *misuse_allocate(void)
{
	void *memory = kmalloc(MISUSE_BYTES, GFP_KERNEL | __GFP_NOWARN);

	if (memory)
		memset(memory, MISUSE_BEFORE, MISUSE_BYTES);
	return memory;
}

void misuse_free(void *memory)
{
	kfree(memory);
}

bool misuse_is_guarded(const void *memory)
{
	return is_kfence_address(memory);
}

/*
 * Whether kfree() puts the memory where this CPU alone, and first of all, takes it from again. (That of
 * another node goes back to its slab, which may end the machine if it is freed twice: set_freepointer().)
 */
bool misuse_stays_on_this_cpu(const void *memory)
{
	return is_kfence_address(memory) || page_to_nid(virt_to_page(memory)) == numa_mem_id();
}

/*
 * After a double free: takes the memory out of circulation, and puts it back once. Returns whether the
 * kernel gave it to two owners. To be called with interrupts off since before the first kfree().
 */
bool misuse_take_back(const void *memory)
{
	const void *taken[8];
	unsigned int index, owners = 0;

	for (index = 0; index < ARRAY_SIZE(taken); index++) {
		taken[index] = kmalloc(MISUSE_BYTES, GFP_NOWAIT);
		owners += taken[index] == memory;
	}
	for (index = 0; index < ARRAY_SIZE(taken); index++) {
		if (taken[index] != memory)
			kfree(taken[index]);
	}
	/*
	 * A single owner may be the only one, or the first of two of whom the second is not in sight. So it
	 * keeps the memory for ever.
	 */
	if (owners > 1)
		kfree(memory);
	return owners > 1;
}

u8 misuse_read_after_free(u8 *memory)
{
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	return READ_ONCE(memory[MISUSE_TOUCHED]);
}

void misuse_write_after_free(u8 *memory)
{
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	WRITE_ONCE(memory[MISUSE_TOUCHED], MISUSE_AFTER);
}

void misuse_double_free(u8 *memory)
{
	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	kfree(memory);
}

u8 misuse_read_out_of_bounds(u8 *memory)
{
	u8 byte;

	OPTIMIZER_HIDE_VAR(memory);
	byte = READ_ONCE(memory[MISUSE_BYTES]);
	kfree(memory);
	return byte;
}

void misuse_write_out_of_bounds(u8 *memory)
{
	OPTIMIZER_HIDE_VAR(memory);
	WRITE_ONCE(memory[MISUSE_BYTES], MISUSE_AFTER);
	kfree(memory);
}

/* vfree() warns, and leaves the memory alone. */
void misuse_vfree_of_kmalloc(u8 *memory)
{
	OPTIMIZER_HIDE_VAR(memory);
	vfree(memory);
	kfree(memory);
}

void misuse_leak(u8 *memory)
{
	/* Somebody returned early. */
}

/* The byte, or -1 if there was no memory. */
int misuse_read_uninitialised(u8 *memory)
{
	u8 byte;

	/* So that there is something old to be read. */
	kfree(memory);
	memory = kmalloc(MISUSE_BYTES, GFP_KERNEL | __GFP_NOWARN);
	if (!memory)
		return -1;
	byte = READ_ONCE(memory[MISUSE_TOUCHED]);
	kfree(memory);
	return byte;
}

/* kfree() warns, and leaves the page alone. */
bool misuse_kfree_of_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_NOWARN);

	if (!page)
		return false;
	kfree(page_address(page));
	__free_page(page);
	return true;
}

bool misuse_sleep(void)
{
	void *memory = kmalloc(MISUSE_BYTES, GFP_KERNEL | __GFP_NOWARN);

	kfree(memory);
	return memory;
}

void *misuse_vmalloc(void)
{
	return __vmalloc(MISUSE_BYTES, GFP_KERNEL | __GFP_NOWARN);
}

void misuse_vfree(void *area)
{
	vfree(area);
}
