// SPDX-License-Identifier: GPL-2.0
/* Memory of a NUMA node, such as the one that a device is on. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "repeat.h"

#define QUEUE_BYTES 512
#define RING_BYTES SZ_64K

struct queues {
	u8 *queue;
	u8 *ring;
	u8 *completions;
};

static struct queues queues;

static int create_queues(struct queues *new, int node)
{
	new->queue = kmalloc_node(QUEUE_BYTES, GFP_KERNEL, node);
	if (!new->queue)
		return -ENOMEM;
	new->ring = vmalloc_node(RING_BYTES, node);
	if (!new->ring)
		goto err_ring;
	new->completions = vzalloc_node(RING_BYTES, node);
	if (!new->completions)
		goto err_completions;
	return 0;

err_completions:
	vfree(new->ring);
err_ring:
	kfree(new->queue);
	return -ENOMEM;
}

static void destroy_queues(struct queues *old)
{
	vfree(old->completions);
	vfree(old->ring);
	kfree(old->queue);
}

static int create_and_destroy(void *context)
{
	struct queues new;
	int error = create_queues(&new, first_online_node);

	if (error)
		return error;
	destroy_queues(&new);
	return 0;
}

static int __init node_init(void)
{
	int error;

	sample_repeat("create", create_and_destroy, NULL);
	error = create_queues(&queues, first_online_node);
	if (error)
		return error;
	pr_info("the queue is on node %d, the rings on nodes %d and %d\n",
		page_to_nid(virt_to_page(queues.queue)), page_to_nid(vmalloc_to_page(queues.ring)),
		page_to_nid(vmalloc_to_page(queues.completions)));
	return 0;
}

static void __exit node_exit(void)
{
	destroy_queues(&queues);
}

module_init(node_init);
module_exit(node_exit);

MODULE_DESCRIPTION("Memory of a node, in C");
MODULE_LICENSE("GPL");
