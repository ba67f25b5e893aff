// SPDX-License-Identifier: GPL-2.0

#include <linux/cpumask.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/utsname.h>

#include "helpers.h"

void platform_cond_resched(void)
{
	cond_resched();
}

const char *platform_kernel_release(void)
{
	return init_utsname()->release;
}

unsigned int platform_online_cpus(void)
{
	return num_online_cpus();
}

unsigned int platform_online_nodes(void)
{
	return num_online_nodes();
}

u64 platform_available_memory_bytes(void)
{
	long pages = si_mem_available();

	return pages > 0 ? (u64)pages << PAGE_SHIFT : 0;
}

bool platform_init_on_alloc(void)
{
	return want_init_on_alloc(0);
}

bool platform_init_on_free(void)
{
	return want_init_on_free();
}

unsigned long platform_kfence_sample_interval(void)
{
#ifdef CONFIG_KFENCE
	return kfence_sample_interval;
#else
	return 0;
#endif
}
