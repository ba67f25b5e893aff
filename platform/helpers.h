/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions for what the kernel offers only as a macro or an inline function, or what takes C to use:
 * structures on the stack with the kernel's initialisers, and errors in pointers.
 */
#ifndef PLATFORM_HELPERS_H
#define PLATFORM_HELPERS_H

#include <linux/types.h>

struct task_struct;

void platform_cond_resched(void);
void platform_set_oom_origin(void);
void platform_clear_oom_origin(void);
const char *platform_kernel_release(void);
unsigned int platform_online_cpus(void);
unsigned int platform_online_nodes(void);
unsigned int platform_current_cpu(void);
u64 platform_interrupts(unsigned int cpu);
u64 platform_available_memory_bytes(void);
bool platform_init_on_alloc(void);
bool platform_init_on_free(void);
unsigned long platform_kfence_sample_interval(void);
unsigned int platform_preempt_count(void);
bool platform_irqs_disabled(void);

/* The first that is online after CPU number `after`, or -1. */
int platform_next_online_cpu(int after);

/* A thread on a CPU, with a reference to its task, or an error; wake_up_process() starts it. */
struct task_struct *platform_create_thread(int (*function)(void *), void *data, unsigned int cpu);

/* These call the function once, and return when it has returned. */
void platform_call_without_preemption(void (*function)(void *), void *argument);
void platform_call_under_spinlock(void (*function)(void *), void *argument);
void platform_call_without_bottom_halves(void (*function)(void *), void *argument);
void platform_call_without_interrupts(void (*function)(void *), void *argument);
void platform_call_in_softirq(void (*function)(void *), void *argument);
/* This one returns false if it could not: the machine has no such interrupt, or a thread handles it. */
bool platform_call_in_interrupt(void (*function)(void *), void *argument);

/* These return the bytes read, or 0, or a negative errno. */
ssize_t platform_read_file(const char *path, void *buffer, size_t size);
int platform_write_file(const char *path, const void *text, size_t size);

u64 platform_log_end(void);
/* Moves the position behind the line; returns its bytes, or -1 at the end of the log. */
ssize_t platform_log_line(u64 *position, char *line, size_t size);

void platform_taint_by_user(void);

#endif
