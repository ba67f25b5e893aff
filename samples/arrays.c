// SPDX-License-Identifier: GPL-2.0
/*
 * Arrays, whose lengths are known at run time: one that is written at once, and grows, and one that
 * begins with zeroes.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/limits.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "repeat.h"

static uint elements = 16;
module_param(elements, uint, 0);
MODULE_PARM_DESC(elements, "How many there are, at least 1 (default 16)");

struct table {
	u32 *ids;
	size_t nr_ids;
	u64 *counters;
	size_t nr_counters;
};

static struct table table;

static int create_table(struct table *new, size_t nr_ids, size_t nr_counters)
{
	new->ids = kmalloc_array(nr_ids, sizeof(*new->ids), GFP_KERNEL);
	if (!new->ids)
		return -ENOMEM;
	new->nr_ids = nr_ids;
	for (size_t i = 0; i < nr_ids; i++)
		new->ids[i] = i;

	new->counters = kcalloc(nr_counters, sizeof(*new->counters), GFP_KERNEL);
	if (!new->counters) {
		kfree(new->ids);
		return -ENOMEM;
	}
	new->nr_counters = nr_counters;
	return 0;
}

/* The new elements are zero. If there is no memory for them, the array is as it was. */
static int grow_table(struct table *old, size_t nr_ids)
{
	u32 *ids = krealloc_array(old->ids, nr_ids, sizeof(*ids), GFP_KERNEL);

	if (!ids)
		return -ENOMEM;
	for (size_t i = old->nr_ids; i < nr_ids; i++)
		ids[i] = 0;
	old->ids = ids;
	old->nr_ids = nr_ids;
	return 0;
}

static void destroy_table(struct table *old)
{
	kfree(old->counters);
	kfree(old->ids);
}

static int create_and_destroy(void *context)
{
	struct table new;
	int error = create_table(&new, elements, elements);

	if (error)
		return error;
	error = grow_table(&new, size_mul(4, elements));
	destroy_table(&new);
	return error;
}

static int __init arrays_init(void)
{
	int error;

	if (!elements) {
		pr_err("elements=0: give at least 1\n");
		return -EINVAL;
	}
	sample_repeat("create", create_and_destroy, NULL);
	error = create_table(&table, elements, elements);
	if (error)
		return error;
	error = grow_table(&table, size_mul(4, elements));
	if (error)
		goto err_table;
	pr_info("%zu ids, in the middle %u, and %zu counters, in the middle %llu\n", table.nr_ids,
		table.ids[elements / 2], table.nr_counters, table.counters[elements / 2]);
	/* The product overflows. */
	if (grow_table(&table, SIZE_MAX / 2))
		pr_info("there are no %zu ids, but %zu as before\n", SIZE_MAX / 2, table.nr_ids);
	return 0;

err_table:
	destroy_table(&table);
	return error;
}

static void __exit arrays_exit(void)
{
	destroy_table(&table);
}

module_init(arrays_init);
module_exit(arrays_exit);

MODULE_DESCRIPTION("Arrays, in C");
MODULE_LICENSE("GPL");
