// SPDX-License-Identifier: GPL-2.0
/* Memory at a multiple of 256, and how much of it there really is. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/align.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "repeat.h"

#define DESCRIPTOR_BYTES 200
#define DESCRIPTOR_ALIGN 256

/* What is freed is not what is used. */
struct descriptor {
	void *memory;
	u8 *aligned;
};

static struct descriptor descriptor;

static int create_descriptor(struct descriptor *new)
{
	new->memory = kmalloc(DESCRIPTOR_BYTES + DESCRIPTOR_ALIGN - 1, GFP_KERNEL);
	if (!new->memory)
		return -ENOMEM;
	new->aligned = PTR_ALIGN(new->memory, DESCRIPTOR_ALIGN);
	return 0;
}

static void destroy_descriptor(struct descriptor *old)
{
	kfree(old->memory);
}

static int create_and_destroy(void *context)
{
	struct descriptor new;
	int error = create_descriptor(&new);

	if (error)
		return error;
	destroy_descriptor(&new);
	return 0;
}

static int __init aligned_init(void)
{
	int error;

	sample_repeat("create", create_and_destroy, NULL);
	error = create_descriptor(&descriptor);
	if (error)
		return error;
	if (IS_ALIGNED((unsigned long)descriptor.aligned, DESCRIPTOR_ALIGN))
		pr_info("%d bytes at a multiple of %d\n", DESCRIPTOR_BYTES, DESCRIPTOR_ALIGN);
	pr_info("they take %zu\n", ksize(descriptor.memory));
	return 0;
}

static void __exit aligned_exit(void)
{
	destroy_descriptor(&descriptor);
}

module_init(aligned_init);
module_exit(aligned_exit);

MODULE_DESCRIPTION("Aligned memory, in C");
MODULE_LICENSE("GPL");
