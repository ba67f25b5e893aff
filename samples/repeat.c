// SPDX-License-Identifier: GPL-2.0
/*
 * Repeats an operation, and says what it costs. Both forms of a sample have this file, so that
 * they are called and timed alike.
 *
 * As in bench/: a batch is far shorter than a timer tick, and the minimum of many is one that
 * nothing interrupted. The same number of rounds of an operation that does nothing is timed beside
 * it.
 */

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/time64.h>

#include "../bench/state.h"
#include "repeat.h"

static uint repeat;
module_param(repeat, uint, 0);
MODULE_PARM_DESC(repeat, "How often to do, when it is inserted, what the sample is about (default 0)");

static uint batches;
module_param(batches, uint, 0);
MODULE_PARM_DESC(batches, "Of how many batches of that to log the cost (default 0)");

/* How long a batch should take: far less than a tick. */
#define BATCH_NS (50 * NSEC_PER_USEC)

#define MAX_ROUNDS 256

/* From how many single rounds the number of rounds is worked out. */
#define TRIALS 10

static int nothing(void *context)
{
	return 0;
}

/* How long `rounds` rounds take, or a negative errno. */
static noinline s64 time_ns(int (*operation)(void *context), void *context, int rounds)
{
	ktime_t start = ktime_get();

	while (rounds--) {
		int error = operation(context);

		if (error)
			return error;
	}
	return ktime_to_ns(ktime_sub(ktime_get(), start));
}

/* Logs the cost, or returns a negative errno. */
static int measure(const char *name, int (*operation)(void *context), void *context)
{
	s64 round_ns = S64_MAX, min_ns = S64_MAX, empty_ns = S64_MAX;
	int rounds;

	for (int trial = 0; trial < TRIALS; trial++) {
		s64 time = time_ns(operation, context, 1);

		if (time < 0)
			return time;
		round_ns = min(round_ns, max(time, 1));
	}
	rounds = clamp(BATCH_NS / round_ns, 1, MAX_ROUNDS);
	for (uint batch = 0; batch < batches; batch++) {
		s64 time;

		/* What vfree() left mapped changes what the next vmalloc() costs. */
		bench_state_settle();
		time = time_ns(operation, context, rounds);
		if (time < 0)
			return time;
		min_ns = min(min_ns, time);
		empty_ns = min(empty_ns, time_ns(nothing, context, rounds));
		/* Lets the tick, and whoever waits, come between batches. */
		fsleep(1);
	}
	pr_info("%s: cost of=%s rounds=%d min_ns=%lld empty_ns=%lld\n", THIS_MODULE->name, name,
		rounds, min_ns, empty_ns);
	return 0;
}

void sample_repeat(const char *name, int (*operation)(void *context), void *context)
{
	int error = 0;

	for (uint round = 0; round < repeat && !error; round++) {
		error = operation(context);
		cond_resched();
	}
	if (batches && !error)
		error = measure(name, operation, context);
	if (error)
		pr_err("%s: %s failed: error %d\n", THIS_MODULE->name, name, error);
}
