/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The paths of C: functions that allocate and free a number of times, and return 0 or a negative
 * errno. `amount` is what the operation takes: bytes, elements, or an order.
 */
#ifndef BENCH_C_PATHS_H
#define BENCH_C_PATHS_H

#include <linux/types.h>

/* The loop, and nothing in it. */
int bench_c_empty(size_t rounds, size_t amount);

/* The path that has its size as a constant, or NULL. */
int (*bench_c_constant(const char *op, size_t size_bytes))(size_t rounds, size_t amount);

/* The path that takes its size from the caller, or NULL. */
int (*bench_c_variable(const char *op))(size_t rounds, size_t amount);

#endif
