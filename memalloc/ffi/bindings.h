/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bindgen reads to give the library its foreign functions and constants.
 *
 * Prototypes are never typed by hand: they change with configuration and release (CONFIG_SLAB_BUCKETS
 * adds an argument, for example), and a wrong one must not compile.
 */

#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "helpers.h"

/* bindgen does not evaluate macros that contain casts; a `const` object it does. */
const gfp_t RUST_CONST_HELPER_RAW_GFP_KERNEL = GFP_KERNEL;
const gfp_t RUST_CONST_HELPER_RAW_GFP_USER = GFP_USER;
const gfp_t RUST_CONST_HELPER_RAW_GFP_NOIO = GFP_NOIO;
const gfp_t RUST_CONST_HELPER_RAW_GFP_NOFS = GFP_NOFS;
const gfp_t RUST_CONST_HELPER_RAW_GFP_NOWAIT = GFP_NOWAIT;
const gfp_t RUST_CONST_HELPER_RAW_GFP_ATOMIC = GFP_ATOMIC;
const gfp_t RUST_CONST_HELPER_RAW_GFP_ZERO = __GFP_ZERO;
const gfp_t RUST_CONST_HELPER_RAW_GFP_NOWARN = __GFP_NOWARN;
const gfp_t RUST_CONST_HELPER_RAW_GFP_ACCOUNT = __GFP_ACCOUNT;
const gfp_t RUST_CONST_HELPER_RAW_GFP_THISNODE = __GFP_THISNODE;
const gfp_t RUST_CONST_HELPER_RAW_GFP_NORETRY = __GFP_NORETRY;
const gfp_t RUST_CONST_HELPER_RAW_GFP_RETRY_MAYFAIL = __GFP_RETRY_MAYFAIL;
const gfp_t RUST_CONST_HELPER_RAW_GFP_COMP = __GFP_COMP;

const size_t RUST_CONST_HELPER_RAW_KMALLOC_MAX_SIZE = KMALLOC_MAX_SIZE;
const size_t RUST_CONST_HELPER_RAW_KMALLOC_MAX_CACHE_SIZE = KMALLOC_MAX_CACHE_SIZE;
const size_t RUST_CONST_HELPER_RAW_KMALLOC_MIN_SIZE = KMALLOC_MIN_SIZE;
const size_t RUST_CONST_HELPER_RAW_KMALLOC_NORMAL = KMALLOC_NORMAL;
const size_t RUST_CONST_HELPER_RAW_KMALLOC_CGROUP = KMALLOC_CGROUP;
const gfp_t RUST_CONST_HELPER_RAW_KMALLOC_NOT_NORMAL_BITS = KMALLOC_NOT_NORMAL_BITS;
const size_t RUST_CONST_HELPER_RAW_ARCH_KMALLOC_MINALIGN = ARCH_KMALLOC_MINALIGN;
const slab_flags_t RUST_CONST_HELPER_RAW_SLAB_HWCACHE_ALIGN = SLAB_HWCACHE_ALIGN;
const slab_flags_t RUST_CONST_HELPER_RAW_SLAB_ACCOUNT = SLAB_ACCOUNT;
const slab_flags_t RUST_CONST_HELPER_RAW_SLAB_NO_MERGE = SLAB_NO_MERGE;
const size_t RUST_CONST_HELPER_RAW_NAME_MAX = NAME_MAX;
const size_t RUST_CONST_HELPER_RAW_INT_MAX = INT_MAX;
const unsigned int RUST_CONST_HELPER_RAW_MAX_PAGE_ORDER = MAX_PAGE_ORDER;
const int RUST_CONST_HELPER_RAW_NUMA_NO_NODE = NUMA_NO_NODE;
