// SPDX-License-Identifier: GPL-2.0

#include <linux/io.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
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

unsigned long memalloc_virt_to_pfn(const void *addr)
{
	return page_to_pfn(virt_to_page(addr));
}

int memalloc_pfn_to_nid(unsigned long pfn)
{
	return page_to_nid(pfn_to_page(pfn));
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
