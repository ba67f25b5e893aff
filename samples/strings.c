// SPDX-License-Identifier: GPL-2.0
/* Copies of strings and of memory. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "repeat.h"

/* Of what a task's name has room for. */
#define COMM_BYTES 15

static const u32 defaults[] = { 115200, 8, 1 };

struct settings {
	char *title;
	char *comm;
	u32 *values;
};

static struct settings settings;

static int copy_settings(struct settings *new, const char *title)
{
	new->title = kstrdup(title, GFP_KERNEL);
	if (!new->title)
		return -ENOMEM;
	new->comm = kstrndup(title, COMM_BYTES, GFP_KERNEL);
	if (!new->comm)
		goto err_comm;
	new->values = kmemdup(defaults, sizeof(defaults), GFP_KERNEL);
	if (!new->values)
		goto err_values;
	return 0;

err_values:
	kfree(new->comm);
err_comm:
	kfree(new->title);
	return -ENOMEM;
}

static void free_settings(struct settings *old)
{
	kfree(old->values);
	kfree(old->comm);
	kfree(old->title);
}

static int copy_and_free(void *context)
{
	struct settings new;
	int error = copy_settings(&new, "serial port, first of two");

	if (error)
		return error;
	free_settings(&new);
	return 0;
}

static int __init strings_init(void)
{
	int error;

	sample_repeat("copy", copy_and_free, NULL);
	error = copy_settings(&settings, "serial port, first of two");
	if (error)
		return error;
	settings.values[0] = 9600;
	pr_info("'%s', in short '%s', at %u and not %u\n", settings.title, settings.comm,
		settings.values[0], defaults[0]);
	return 0;
}

static void __exit strings_exit(void)
{
	free_settings(&settings);
}

module_init(strings_init);
module_exit(strings_exit);

MODULE_DESCRIPTION("Copies of strings and memory, in C");
MODULE_LICENSE("GPL");
