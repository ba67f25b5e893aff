/* SPDX-License-Identifier: GPL-2.0 */
/* The state that the allocators are measured in. */
#ifndef BENCH_STATE_H
#define BENCH_STATE_H

#include <linux/types.h>

/*
 * Prepares to measure allocations of a size: a block of pages for it is free, and cannot merge. Of
 * no bytes there is nothing to prepare.
 * Returns 0 or a negative errno.
 */
int bench_state_hold(size_t size_bytes);

/*
 * Maps as much memory once more. With each mapping the trees that vmalloc() searches are others;
 * the minimum over many of them depends less on what a boot left there.
 */
void bench_state_map_one(void);

/* Unmaps what vfree() left mapped: how much that is changes what the next vmalloc() costs. */
void bench_state_settle(void);

/* Gives back what is held. */
void bench_state_release(void);

#endif
