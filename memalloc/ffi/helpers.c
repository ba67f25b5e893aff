// SPDX-License-Identifier: GPL-2.0

#include <linux/io.h>
#include <linux/kernfs.h>
#include <linux/kfence.h>
#include <linux/kobject.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sysfs.h>
#include <linux/topology.h>

#include "helpers.h"

struct page *memalloc_virt_to_page(const void *addr)
{
	return virt_to_page(addr);
}

void *memalloc_page_address(const struct page *page)
{
	return page_address(page);
}

phys_addr_t memalloc_virt_to_phys(const void *addr)
{
	return virt_to_phys((void *)addr);
}

int memalloc_page_count(const struct page *page)
{
	return page_count(page);
}

unsigned long memalloc_virt_to_pfn(const void *addr)
{
	return page_to_pfn(virt_to_page(addr));
}

int memalloc_pfn_to_nid(unsigned long pfn)
{
	return page_to_nid(pfn_to_page(pfn));
}

const char *memalloc_pfn_to_zone_name(unsigned long pfn)
{
	return page_zone(pfn_to_page(pfn))->name;
}

bool memalloc_pfn_is_charged(unsigned long pfn)
{
#ifdef CONFIG_MEMCG
	return READ_ONCE(page_folio(pfn_to_page(pfn))->memcg_data) & MEMCG_DATA_KMEM;
#else
	return false;
#endif
}

bool memalloc_is_kfence_address(const void *addr)
{
	return is_kfence_address(addr);
}

bool memalloc_is_large_kmalloc(const void *addr)
{
	return PageLargeKmalloc(virt_to_head_page(addr));
}

bool memalloc_node_is_online(int nid)
{
	return nid >= 0 && nid < MAX_NUMNODES && node_online(nid);
}

int memalloc_numa_mem_id(void)
{
	return numa_mem_id();
}

unsigned long memalloc_totalram_pages(void)
{
	return totalram_pages();
}

/* Rust has no mutex that is ready before somebody initialises it. */
static DEFINE_MUTEX(memalloc_cache_names);

void memalloc_lock_cache_names(void)
{
	mutex_lock(&memalloc_cache_names);
}

void memalloc_unlock_cache_names(void)
{
	mutex_unlock(&memalloc_cache_names);
}

/*
 * Whether a directory in /sys/kernel/slab has this name: that of a live cache. A link does not count:
 * each cache that may be merged has one, to a directory that is called after its layout, and it may
 * stay when the cache is gone (sysfs_slab_add(), sysfs_slab_alias()).
 */
bool memalloc_cache_has_directory(const char *name)
{
	struct kernfs_node *caches, *cache = NULL;
	bool is_directory;

	caches = sysfs_get_dirent(kernel_kobj->sd, "slab");
	if (caches)
		cache = sysfs_get_dirent(caches, name);
	is_directory = cache && kernfs_type(cache) == KERNFS_DIR;
	kernfs_put(cache);
	kernfs_put(caches);
	return is_directory;
}
