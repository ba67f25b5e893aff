/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the library is compared with: the calls of C drivers, by the macros that drivers use. The
 * benchmark inlines them into its loops, and the laboratory calls them.
 */
#ifndef BENCH_C_CALLS_H
#define BENCH_C_CALLS_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static __always_inline void *c_kmalloc(size_t bytes, gfp_t flags)
{
	return kmalloc(bytes, flags);
}

static __always_inline void *c_vmalloc(size_t bytes, gfp_t flags)
{
	return __vmalloc(bytes, flags);
}

static __always_inline void *c_kvmalloc(size_t bytes, gfp_t flags)
{
	return kvmalloc(bytes, flags);
}

static __always_inline struct page *c_alloc_pages(gfp_t flags, unsigned int order)
{
	return alloc_pages(flags, order);
}

/* The same for who cannot inline C. */
void *bench_c_kmalloc(size_t bytes, gfp_t flags);
void bench_c_kfree(void *memory);
void *bench_c_vmalloc(size_t bytes, gfp_t flags);
void bench_c_vfree(void *memory);
void *bench_c_kvmalloc(size_t bytes, gfp_t flags);
void bench_c_kvfree(void *memory);
struct page *bench_c_alloc_pages(gfp_t flags, unsigned int order);
void bench_c_free_pages(struct page *page, unsigned int order);

/* A call like these that does nothing: what it costs to be out of line. */
void bench_c_nothing(void);

#endif
