/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Breaks the rules of memory allocation, on purpose: see misuse/mod.rs.
 */
#ifndef MISUSE_DEEDS_H
#define MISUSE_DEEDS_H

#include <linux/types.h>

/*
 * Of kmalloc's class of 64 bytes, so that what lies right behind is in the same object: a write there
 * harms nobody, and is a write out of bounds all the same.
 */
#define MISUSE_BYTES 60
/* The byte that is touched. Not the middle of an object, where SLUB may link free ones. */
#define MISUSE_TOUCHED 8
/*
 * What all of the memory holds before, and what is then written. None of it is what the kernel itself
 * fills memory with (include/linux/poison.h).
 */
#define MISUSE_BEFORE 0x3c
#define MISUSE_AFTER 0x5c

/* Honest functions, to prepare a deed and to clean up after it. */
void *misuse_allocate(void);
void misuse_free(void *memory);
bool misuse_is_guarded(const void *memory);
bool misuse_stays_on_this_cpu(const void *memory);
bool misuse_take_back(const void *memory);

/* The deeds. Each takes what misuse_allocate() returned, and it is gone afterwards. */
u8 misuse_read_after_free(u8 *memory);
void misuse_write_after_free(u8 *memory);
void misuse_double_free(u8 *memory);
u8 misuse_read_out_of_bounds(u8 *memory);
void misuse_write_out_of_bounds(u8 *memory);
void misuse_vfree_of_kmalloc(u8 *memory);
void misuse_leak(u8 *memory);
int misuse_read_uninitialised(u8 *memory);

/* These bring their own memory, and return false if there is none. */
bool misuse_kfree_of_page(void);
bool misuse_sleep(void);

/* To be called where sleeping is forbidden, with what misuse_vmalloc() returned. */
void *misuse_vmalloc(void);
void misuse_vfree(void *area);

#endif
