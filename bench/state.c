// SPDX-License-Identifier: GPL-2.0
/*
 * The state that the allocators are measured in.
 *
 * What an allocation costs depends on what is free: a block of pages may have to be cut out of a
 * larger one and merged with it again, and a mapping is sought in a tree. That differs from boot to
 * boot, by more than the library may cost.
 */

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "state.h"

#define MAX_BLOCKS 64
#define MAX_MAPPINGS 256

static struct page *block;
static unsigned int block_order;

static void *mappings[MAX_MAPPINGS];
static unsigned int nr_mappings;
static struct page **mapped_pages;
static size_t nr_mapped_pages;

/* Tries blocks until two are buddies. Keeps the one, and frees the other, and the rest. */
static void hold_buddy(unsigned int order)
{
	struct page *tried[MAX_BLOCKS];
	unsigned int count;

	for (count = 0; count < MAX_BLOCKS && !block; count++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_NOWARN, order);

		if (!page)
			break;
		for (unsigned int i = 0; i < count; i++) {
			if ((page_to_pfn(tried[i]) ^ page_to_pfn(page)) == 1UL << order) {
				block = tried[i];
				block_order = order;
				tried[i] = page;
				page = NULL;
				break;
			}
		}
		tried[count] = page;
	}
	while (count--) {
		if (tried[count])
			__free_pages(tried[count], order);
	}
}

int bench_state_hold(size_t size_bytes)
{
	unsigned int order;
	struct page *page;

	if (!size_bytes)
		return 0;
	order = get_order(size_bytes);
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	nr_mapped_pages = DIV_ROUND_UP(size_bytes, PAGE_SIZE);
	mapped_pages = kvmalloc_objs(*mapped_pages, nr_mapped_pages);
	if (!mapped_pages) {
		__free_page(page);
		return -ENOMEM;
	}
	for (size_t i = 0; i < nr_mapped_pages; i++)
		mapped_pages[i] = page;
	/* Smaller blocks are in the lists of a CPU, which are not merged; larger there are none. */
	if (order > PAGE_ALLOC_COSTLY_ORDER && order < MAX_PAGE_ORDER)
		hold_buddy(order);
	return 0;
}

void bench_state_map_one(void)
{
	if (nr_mappings == MAX_MAPPINGS)
		return;
	mappings[nr_mappings] = vmap(mapped_pages, nr_mapped_pages, VM_MAP, PAGE_KERNEL);
	if (mappings[nr_mappings])
		nr_mappings++;
}

void bench_state_settle(void)
{
	vm_unmap_aliases();
}

void bench_state_release(void)
{
	while (nr_mappings)
		vunmap(mappings[--nr_mappings]);
	if (mapped_pages)
		__free_page(mapped_pages[0]);
	kvfree(mapped_pages);
	mapped_pages = NULL;
	if (block)
		__free_pages(block, block_order);
	block = NULL;
}
