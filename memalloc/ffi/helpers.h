/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions for what the kernel offers only as a macro or an inline function, as the kernel's own
 * rust/helpers/ does. They are calls where C has none, so that they stay off the paths that are short
 * in C: no free uses one, and of the allocations these do:
 *
 * - memalloc_virt_to_page(): __get_free_pages().
 * - memalloc_page_address(): alloc_contig_pages(); and each use of a block's bytes.
 * - memalloc_numa_mem_id(): those two that take a real node, alloc_pages_bulk() and
 *   alloc_contig_pages(); before 7.3 alloc_pages_node() too (releases.rs).
 * - memalloc_totalram_pages(): vmalloc and kvmalloc of more than a mebibyte, and other requests that
 *   are compared with the machine.
 */
#ifndef MEMALLOC_FFI_HELPERS_H
#define MEMALLOC_FFI_HELPERS_H

#include <linux/types.h>

struct page;

struct page *memalloc_virt_to_page(const void *addr);
void *memalloc_page_address(const struct page *page);
phys_addr_t memalloc_virt_to_phys(const void *addr);
int memalloc_page_count(const struct page *page);
unsigned long memalloc_virt_to_pfn(const void *addr);
int memalloc_pfn_to_nid(unsigned long pfn);
const char *memalloc_pfn_to_zone_name(unsigned long pfn);
bool memalloc_pfn_is_charged(unsigned long pfn);
bool memalloc_is_kfence_address(const void *addr);
bool memalloc_is_large_kmalloc(const void *addr);
bool memalloc_node_is_online(int nid);
int memalloc_numa_mem_id(void);
unsigned long memalloc_totalram_pages(void);
void memalloc_lock_cache_names(void);
void memalloc_unlock_cache_names(void);
bool memalloc_cache_has_directory(const char *name);

#endif
