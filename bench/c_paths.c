// SPDX-License-Identifier: GPL-2.0
/*
 * What the library is compared with: the calls of C drivers, by the macros that drivers use.
 *
 * The functions here have the shape of those in library/ and kernel_crate.rs: a loop around an
 * allocation, the check for failure, a barrier that lets the pointer escape, and a free.
 */

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "c_calls/c_calls.h"
#include "c_paths.h"

/* As far as the compiler knows, somebody else now has the pointer. It costs no instruction. */
#define escape(pointer) asm volatile("" : : "r"(pointer) : "memory")

/* What kmemdup() copies. */
static u8 source[SZ_64K];

/* Allocates with `call`, and frees with `release`; a statement in a function that returns int. */
#define allocate_and_free(call, release)	\
	do {					\
		void *memory = call;		\
						\
		if (!memory)			\
			return -ENOMEM;		\
		escape(memory);			\
		release(memory);		\
		return 0;			\
	} while (0)

static __always_inline int kmalloc_once(size_t bytes)
{
	allocate_and_free(c_kmalloc(bytes, GFP_KERNEL), kfree);
}

static __always_inline int kzalloc_once(size_t bytes)
{
	allocate_and_free(kzalloc(bytes, GFP_KERNEL), kfree);
}

static __always_inline int kmalloc_array_once(size_t elements)
{
	allocate_and_free(kmalloc_array(elements, sizeof(u32), GFP_KERNEL), kfree);
}

static __always_inline int kcalloc_once(size_t elements)
{
	allocate_and_free(kcalloc(elements, sizeof(u32), GFP_KERNEL), kfree);
}

static __always_inline int kmemdup_once(size_t bytes)
{
	const u8 *from = source;

	/* A driver copies what it does not know, and whose size it has beside it. */
	OPTIMIZER_HIDE_VAR(from);
	allocate_and_free(kmemdup(from, bytes, GFP_KERNEL), kfree);
}

static __always_inline int vmalloc_once(size_t bytes)
{
	allocate_and_free(vmalloc(bytes), vfree);
}

static __always_inline int kvmalloc_once(size_t bytes)
{
	allocate_and_free(c_kvmalloc(bytes, GFP_KERNEL), kvfree);
}

static __always_inline int alloc_pages_once(size_t order)
{
	struct page *page = c_alloc_pages(GFP_KERNEL, order);

	if (!page)
		return -ENOMEM;
	escape(page);
	__free_pages(page, order);
	return 0;
}

/* What linux-alloc-bench has beside an operation: two looks at the clock, and a sum. */
static u64 sum_ns;

static __always_inline int timing_once(size_t nothing)
{
	u64 start = ktime_get_ns();

	barrier();
	sum_ns += ktime_get_ns() - start;
	return 0;
}

/* Counts down, which takes the two instructions that Rust's loop has, and is not unrolled. */
#define repeat(rounds)		\
	_Pragma("GCC unroll 1")	\
	for (; rounds; rounds--)

int bench_c_empty(size_t rounds, size_t amount)
{
	repeat(rounds)
		barrier();
	return 0;
}

/* Where a driver has its sizes; gcc cannot know that nobody else writes there. */
static size_t stored;

/* `value`, a constant or what is stored, is evaluated in each round. */
#define DEFINE_PATH(name, op, value)			\
	static int name(size_t rounds, size_t amount)	\
	{						\
		WRITE_ONCE(stored, amount);		\
		repeat(rounds) {			\
			int error = op##_once(value);	\
							\
			if (error)			\
				return error;		\
		}					\
		return 0;				\
	}

/* The sizes are part of names, hence plain numbers; operations.rs has the same. */
#define SLAB_PATHS(X, op, unit)							\
	X(op, 8, 8 / (unit)) X(op, 64, 64 / (unit)) X(op, 100, 100 / (unit))	\
	X(op, 256, 256 / (unit)) X(op, 1024, 1024 / (unit))			\
	X(op, 4096, 4096 / (unit)) X(op, 8192, 8192 / (unit))			\
	X(op, 65536, 65536 / (unit))

#define MAPPED_PATHS(X, op)					\
	X(op, 4096, 4096) X(op, 16384, 16384) X(op, 65536, 65536)	\
	X(op, 1048576, 1048576) X(op, 4194304, 4194304)

#define CONSTANT_PATHS(X)						\
	SLAB_PATHS(X, kmalloc, 1)					\
	X(kmalloc, 4194304, 4194304)					\
	SLAB_PATHS(X, kzalloc, 1)					\
	SLAB_PATHS(X, kmalloc_array, sizeof(u32))			\
	X(kmalloc_array, 4194304, 4194304 / sizeof(u32))		\
	SLAB_PATHS(X, kcalloc, sizeof(u32))				\
	SLAB_PATHS(X, kmemdup, 1)					\
	MAPPED_PATHS(X, vmalloc)					\
	MAPPED_PATHS(X, kvmalloc)					\
	X(alloc_pages, 4096, 0) X(alloc_pages, 32768, 3)		\
	X(alloc_pages, 4194304, 10)					\
	X(timing, 0, 0)

#define OPERATIONS(X)							\
	X(kmalloc) X(kzalloc) X(kmalloc_array) X(kcalloc) X(kmemdup)	\
	X(vmalloc) X(kvmalloc) X(alloc_pages)

#define DEFINE_CONSTANT(op, bytes, units) \
	DEFINE_PATH(op##_##bytes, op, units)

#define DEFINE_VARIABLE(op) \
	DEFINE_PATH(op##_variable, op, READ_ONCE(stored))

CONSTANT_PATHS(DEFINE_CONSTANT)
OPERATIONS(DEFINE_VARIABLE)

#define CONSTANT_ROW(op, bytes, units) { #op, bytes, op##_##bytes },
#define VARIABLE_ROW(op) { #op, 0, op##_variable },

struct bench_path {
	const char *op;
	size_t size_bytes;
	int (*run)(size_t rounds, size_t amount);
};

static const struct bench_path constant_paths[] = { CONSTANT_PATHS(CONSTANT_ROW) {} };
static const struct bench_path variable_paths[] = { OPERATIONS(VARIABLE_ROW) {} };

static const struct bench_path *find(const struct bench_path *path, const char *op,
				     size_t size_bytes)
{
	while (path->op && (strcmp(path->op, op) || path->size_bytes != size_bytes))
		path++;
	return path;
}

int (*bench_c_constant(const char *op, size_t size_bytes))(size_t rounds, size_t amount)
{
	return find(constant_paths, op, size_bytes)->run;
}

int (*bench_c_variable(const char *op))(size_t rounds, size_t amount)
{
	return find(variable_paths, op, 0)->run;
}
