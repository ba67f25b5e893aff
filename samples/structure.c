// SPDX-License-Identifier: GPL-2.0
/* A structure with a name, and a buffer of its own. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "repeat.h"

#define BUFFER_BYTES 1024

struct my_data {
	int id;
	char name[32];
	u8 *buffer;
};

static struct my_data *data;

static struct my_data *create_data(int id, const char *name)
{
	struct my_data *new = kzalloc_obj(*new);

	if (!new)
		return NULL;
	new->id = id;
	strscpy(new->name, name);
	new->buffer = kmalloc(BUFFER_BYTES, GFP_KERNEL);
	if (!new->buffer) {
		kfree(new);
		return NULL;
	}
	return new;
}

static void destroy_data(struct my_data *old)
{
	kfree(old->buffer);
	kfree(old);
}

static int create_and_destroy(void *context)
{
	struct my_data *new = create_data(7, "eth0");

	if (!new)
		return -ENOMEM;
	destroy_data(new);
	return 0;
}

static int __init structure_init(void)
{
	sample_repeat("create", create_and_destroy, NULL);
	data = create_data(7, "eth0");
	if (!data)
		return -ENOMEM;
	pr_info("%d is %s, and has %d bytes\n", data->id, data->name, BUFFER_BYTES);
	return 0;
}

static void __exit structure_exit(void)
{
	destroy_data(data);
}

module_init(structure_init);
module_exit(structure_exit);

MODULE_DESCRIPTION("A structure with a buffer, in C");
MODULE_LICENSE("GPL");
