// SPDX-License-Identifier: GPL-2.0
/* Large sizes, and sizes that may be small or large. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "repeat.h"

#define LOG_BYTES SZ_1M
#define TABLE_BYTES SZ_64K

struct buffers {
	u8 *log;
	u8 *table;
	u8 *message;
	u8 *film;
};

static struct buffers buffers;

/* The sizes of the last two are known only now. */
static int create_buffers(struct buffers *new, size_t message_bytes, size_t film_bytes)
{
	new->log = vmalloc(LOG_BYTES);
	if (!new->log)
		return -ENOMEM;
	new->table = vzalloc(TABLE_BYTES);
	if (!new->table)
		goto err_table;
	new->message = kvmalloc(message_bytes, GFP_KERNEL);
	if (!new->message)
		goto err_message;
	new->film = kvmalloc(film_bytes, GFP_KERNEL);
	if (!new->film)
		goto err_film;
	return 0;

err_film:
	kvfree(new->message);
err_message:
	vfree(new->table);
err_table:
	vfree(new->log);
	return -ENOMEM;
}

static void destroy_buffers(struct buffers *old)
{
	kvfree(old->film);
	kvfree(old->message);
	vfree(old->table);
	vfree(old->log);
}

static int create_and_destroy(void *context)
{
	struct buffers new;
	int error = create_buffers(&new, 100, SZ_8M);

	if (error)
		return error;
	destroy_buffers(&new);
	return 0;
}

static const char *allocator(const void *memory)
{
	return is_vmalloc_addr(memory) ? "vmalloc" : "slab";
}

static int __init sizes_init(void)
{
	int error;

	sample_repeat("create", create_and_destroy, NULL);
	error = create_buffers(&buffers, 100, SZ_8M);
	if (error)
		return error;
	pr_info("the log is from %s, the table from %s, and ends in %u\n", allocator(buffers.log),
		allocator(buffers.table), buffers.table[TABLE_BYTES - 1]);
	pr_info("the message is from %s, the film from %s\n", allocator(buffers.message),
		allocator(buffers.film));
	return 0;
}

static void __exit sizes_exit(void)
{
	destroy_buffers(&buffers);
}

module_init(sizes_init);
module_exit(sizes_exit);

MODULE_DESCRIPTION("Large and flexible sizes, in C");
MODULE_LICENSE("GPL");
