// SPDX-License-Identifier: GPL-2.0
/* Events that are reported where nobody may sleep, and read where one may. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/array_size.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "repeat.h"

struct event {
	u32 number;
};

struct mailbox {
	/* Protects the events. */
	spinlock_t lock;
	struct event *events[4];
};

static struct mailbox mailbox;

/* Allocates under the lock, as an interrupt handler does. */
static int report_event(struct mailbox *to, u32 number)
{
	int error = -ENOSPC;

	spin_lock(&to->lock);
	for (size_t i = 0; i < ARRAY_SIZE(to->events); i++) {
		if (to->events[i])
			continue;
		to->events[i] = kmalloc_obj(*to->events[i], GFP_ATOMIC);
		if (to->events[i])
			to->events[i]->number = number;
		error = to->events[i] ? 0 : -ENOMEM;
		break;
	}
	spin_unlock(&to->lock);
	return error;
}

/* Takes all events, and returns the sum of their numbers. */
static u32 collect_events(struct mailbox *from)
{
	u32 sum = 0;

	spin_lock(&from->lock);
	for (size_t i = 0; i < ARRAY_SIZE(from->events); i++) {
		if (!from->events[i])
			continue;
		sum += from->events[i]->number;
		kfree(from->events[i]);
		from->events[i] = NULL;
	}
	spin_unlock(&from->lock);
	return sum;
}

static int report_and_collect(void *context)
{
	struct mailbox *box = context;
	int error = report_event(box, 7);

	if (!error)
		error = report_event(box, 8);
	collect_events(box);
	return error;
}

static int __init atomic_init(void)
{
	int error;

	spin_lock_init(&mailbox.lock);
	sample_repeat("report", report_and_collect, &mailbox);
	for (u32 number = 1; number <= 5; number++) {
		error = report_event(&mailbox, number);
		if (error == -ENOSPC)
			pr_info("there is no room for event %u\n", number);
		else if (error)
			goto err_mailbox;
	}
	pr_info("the sum of the events is %u\n", collect_events(&mailbox));
	/* One stays until the module goes. */
	error = report_event(&mailbox, 6);
	if (error)
		goto err_mailbox;
	return 0;

err_mailbox:
	collect_events(&mailbox);
	return error;
}

static void __exit atomic_exit(void)
{
	collect_events(&mailbox);
}

module_init(atomic_init);
module_exit(atomic_exit);

MODULE_DESCRIPTION("Allocating in atomic context, in C");
MODULE_LICENSE("GPL");
