// SPDX-License-Identifier: GPL-2.0
/* A structure with three members of its own, any of which may not be had. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "repeat.h"

#define BUFFER_BYTES 4096

struct complex {
	char *name;
	u8 *buffer;
	u32 *array;
};

static struct complex *complex;

static struct complex *create_complex(const char *name, size_t elements)
{
	struct complex *new = kzalloc_obj(*new);

	if (!new)
		return NULL;
	new->name = kstrdup(name, GFP_KERNEL);
	if (!new->name)
		goto err_name;
	new->buffer = kmalloc(BUFFER_BYTES, GFP_KERNEL);
	if (!new->buffer)
		goto err_buffer;
	new->array = kmalloc_array(elements, sizeof(*new->array), GFP_KERNEL);
	if (!new->array)
		goto err_array;
	return new;

err_array:
	kfree(new->buffer);
err_buffer:
	kfree(new->name);
err_name:
	kfree(new);
	return NULL;
}

static void destroy_complex(struct complex *old)
{
	kfree(old->array);
	kfree(old->buffer);
	kfree(old->name);
	kfree(old);
}

static int create_and_destroy(void *context)
{
	struct complex *new = create_complex("test", 16);

	if (!new)
		return -ENOMEM;
	destroy_complex(new);
	return 0;
}

/* The array is too large, so that what was had before it goes back. */
static int refuse(void *context)
{
	struct complex *new = create_complex("test", SIZE_MAX);

	if (!new)
		return 0;
	destroy_complex(new);
	return -EEXIST;
}

static int __init members_init(void)
{
	sample_repeat("create", create_and_destroy, NULL);
	sample_repeat("refuse", refuse, NULL);
	if (!refuse(NULL))
		pr_info("there is none with %zu elements\n", SIZE_MAX);
	complex = create_complex("test", 16);
	if (!complex)
		return -ENOMEM;
	pr_info("%s has %d bytes and 16 elements\n", complex->name, BUFFER_BYTES);
	return 0;
}

static void __exit members_exit(void)
{
	destroy_complex(complex);
}

module_init(members_init);
module_exit(members_exit);

MODULE_DESCRIPTION("A structure with three members, in C");
MODULE_LICENSE("GPL");
