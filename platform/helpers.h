/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions for what the kernel offers only as a macro or an inline function.
 */
#ifndef PLATFORM_HELPERS_H
#define PLATFORM_HELPERS_H

#include <linux/types.h>

void platform_cond_resched(void);
const char *platform_kernel_release(void);
unsigned int platform_online_cpus(void);
unsigned int platform_online_nodes(void);
u64 platform_available_memory_bytes(void);
bool platform_init_on_alloc(void);
bool platform_init_on_free(void);
unsigned long platform_kfence_sample_interval(void);

#endif
