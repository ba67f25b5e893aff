// SPDX-License-Identifier: GPL-2.0
/* A slab cache: many objects of one kind. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "repeat.h"

struct request {
	u64 sector;
	u32 bytes;
};

static struct kmem_cache *cache;
static struct request *first, *second;

static struct request *create_request(u64 sector)
{
	struct request *new = kmem_cache_alloc(cache, GFP_KERNEL);

	if (!new)
		return NULL;
	new->sector = sector;
	new->bytes = 512;
	return new;
}

static int create_and_free(void *context)
{
	struct request *new = create_request(8);

	if (!new)
		return -ENOMEM;
	kmem_cache_free(cache, new);
	return 0;
}

static int __init cache_init(void)
{
	cache = kmem_cache_create("sample_cache_c", sizeof(struct request), 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	sample_repeat("create", create_and_free, NULL);
	first = create_request(8);
	if (!first)
		goto err_first;
	second = create_request(16);
	if (!second)
		goto err_second;
	pr_info("two requests of %zu bytes, for %u bytes from %llu and %llu on\n", sizeof(*first),
		first->bytes, first->sector, second->sector);
	return 0;

err_second:
	kmem_cache_free(cache, first);
err_first:
	kmem_cache_destroy(cache);
	return -ENOMEM;
}

static void __exit cache_exit(void)
{
	kmem_cache_free(cache, second);
	kmem_cache_free(cache, first);
	kmem_cache_destroy(cache);
}

module_init(cache_init);
module_exit(cache_exit);

MODULE_DESCRIPTION("A slab cache, in C");
MODULE_LICENSE("GPL");
