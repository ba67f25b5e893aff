// SPDX-License-Identifier: GPL-2.0
/* Blocks of pages: each has an order, which freeing must know. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>

#include "repeat.h"

#define RING_ORDER 3
#define TABLE_ORDER 1

struct pages {
	struct page *ring;
	unsigned long table;
	unsigned long status;
};

static struct pages pages;

static int create_pages(struct pages *new)
{
	new->ring = alloc_pages(GFP_KERNEL, RING_ORDER);
	if (!new->ring)
		return -ENOMEM;
	new->table = __get_free_pages(GFP_KERNEL, TABLE_ORDER);
	if (!new->table)
		goto err_table;
	new->status = get_zeroed_page(GFP_KERNEL);
	if (!new->status)
		goto err_status;
	return 0;

err_status:
	free_pages(new->table, TABLE_ORDER);
err_table:
	__free_pages(new->ring, RING_ORDER);
	return -ENOMEM;
}

static void destroy_pages(struct pages *old)
{
	free_page(old->status);
	free_pages(old->table, TABLE_ORDER);
	__free_pages(old->ring, RING_ORDER);
}

static int create_and_destroy(void *context)
{
	struct pages new;
	int error = create_pages(&new);

	if (error)
		return error;
	destroy_pages(&new);
	return 0;
}

static int __init pages_init(void)
{
	u8 *ring, *status;
	int error;

	sample_repeat("create", create_and_destroy, NULL);
	error = create_pages(&pages);
	if (error)
		return error;
	ring = page_address(pages.ring);
	memset(ring, 0xff, PAGE_SIZE << RING_ORDER);
	status = (u8 *)pages.status;
	pr_info("%d pages that end in %u, %d, and one that ends in %u\n", 1 << RING_ORDER,
		ring[(PAGE_SIZE << RING_ORDER) - 1], 1 << TABLE_ORDER, status[PAGE_SIZE - 1]);
	if (page_to_phys(pages.ring) % (PAGE_SIZE << RING_ORDER) == 0)
		pr_info("the first are contiguous, and aligned to their size\n");
	return 0;
}

static void __exit pages_exit(void)
{
	destroy_pages(&pages);
}

module_init(pages_init);
module_exit(pages_exit);

MODULE_DESCRIPTION("Blocks of pages, in C");
MODULE_LICENSE("GPL");
