// SPDX-License-Identifier: GPL-2.0

#include "c_calls.h"

void *bench_c_kmalloc(size_t bytes, gfp_t flags)
{
	return c_kmalloc(bytes, flags);
}

void bench_c_kfree(void *memory)
{
	kfree(memory);
}

void *bench_c_vmalloc(size_t bytes, gfp_t flags)
{
	return c_vmalloc(bytes, flags);
}

void bench_c_vfree(void *memory)
{
	vfree(memory);
}

void *bench_c_kvmalloc(size_t bytes, gfp_t flags)
{
	return c_kvmalloc(bytes, flags);
}

void bench_c_kvfree(void *memory)
{
	kvfree(memory);
}

struct page *bench_c_alloc_pages(gfp_t flags, unsigned int order)
{
	return c_alloc_pages(flags, order);
}

void bench_c_free_pages(struct page *page, unsigned int order)
{
	__free_pages(page, order);
}

void bench_c_nothing(void)
{
}
