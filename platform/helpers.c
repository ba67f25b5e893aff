// SPDX-License-Identifier: GPL-2.0

#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/kernel_stat.h>
#include <linux/kfence.h>
#include <linux/kthread.h>
#include <linux/kmsg_dump.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/utsname.h>
#include <linux/workqueue.h>

#include "helpers.h"

void platform_cond_resched(void)
{
	cond_resched();
}

void platform_set_oom_origin(void)
{
	set_current_oom_origin();
}

void platform_clear_oom_origin(void)
{
	clear_current_oom_origin();
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

int platform_next_online_cpu(int after)
{
	unsigned int cpu = cpumask_next(after, cpu_online_mask);

	return cpu < nr_cpu_ids ? cpu : -1;
}

unsigned int platform_current_cpu(void)
{
	return raw_smp_processor_id();
}

u64 platform_interrupts(unsigned int cpu)
{
	u64 sum = kstat_cpu_irqs_sum(cpu);

#ifdef CONFIG_X86
	/*
	 * Those of the local APIC, the timer's among them, stand here only. What the members are called
	 * differs between releases; all are counters but for a flag, if KVM has it at the front.
	 */
	const unsigned int *counts = (const unsigned int *)per_cpu_ptr(&irq_stat, cpu);
	size_t first = IS_ENABLED(CONFIG_CPU_MITIGATIONS) && IS_ENABLED(CONFIG_KVM_INTEL);

	for (size_t i = first; i < sizeof(irq_stat) / sizeof(*counts); i++)
		sum += READ_ONCE(counts[i]);
#endif
	return sum;
}

struct task_struct *platform_create_thread(int (*function)(void *), void *data, unsigned int cpu)
{
	struct task_struct *task = kthread_create_on_cpu(function, data, cpu, "memalloc/%u");

	if (!IS_ERR(task))
		get_task_struct(task);
	return task;
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

unsigned int platform_preempt_count(void)
{
	return preempt_count();
}

bool platform_irqs_disabled(void)
{
	return irqs_disabled();
}

void platform_call_without_preemption(void (*function)(void *), void *argument)
{
	preempt_disable();
	function(argument);
	preempt_enable();
}

void platform_call_under_spinlock(void (*function)(void *), void *argument)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	function(argument);
	spin_unlock(&lock);
}

void platform_call_without_bottom_halves(void (*function)(void *), void *argument)
{
	local_bh_disable();
	function(argument);
	local_bh_enable();
}

void platform_call_without_interrupts(void (*function)(void *), void *argument)
{
	unsigned long flags;

	local_irq_save(flags);
	function(argument);
	local_irq_restore(flags);
}

struct bottom_half {
	struct work_struct work;
	void (*function)(void *);
	void *argument;
};

static void bottom_half_runs(struct work_struct *work)
{
	struct bottom_half *call = container_of(work, struct bottom_half, work);

	call->function(call->argument);
}

void platform_call_in_softirq(void (*function)(void *), void *argument)
{
	struct bottom_half call = { .function = function, .argument = argument };

	INIT_WORK_ONSTACK(&call.work, bottom_half_runs);
	queue_work(system_bh_wq, &call.work);
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
}

#ifdef CONFIG_IRQ_WORK
struct interrupt {
	struct irq_work work;
	void (*function)(void *);
	void *argument;
};

static void interrupt_comes(struct irq_work *work)
{
	struct interrupt *call = container_of(work, struct interrupt, work);

	call->function(call->argument);
}

bool platform_call_in_interrupt(void (*function)(void *), void *argument)
{
	struct interrupt call = {
		.work = IRQ_WORK_INIT(interrupt_comes),
		.function = function,
		.argument = argument,
	};

	/*
	 * Without the interrupt the timer's calls, some day. With CONFIG_PREEMPT_RT a thread does, where one
	 * may sleep: that is no interrupt.
	 */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || !arch_irq_work_has_interrupt())
		return false;
	irq_work_queue(&call.work);
	/* Returns when the function did, and nobody looks at the work any more, which lies on this stack. */
	irq_work_sync(&call.work);
	return true;
}
#else
bool platform_call_in_interrupt(void (*function)(void *), void *argument)
{
	return false;
}
#endif

ssize_t platform_read_file(const char *path, void *buffer, size_t size)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t position = 0;
	ssize_t read;

	if (IS_ERR(file))
		return PTR_ERR(file);
	read = kernel_read(file, buffer, size, &position);
	filp_close(file, NULL);
	return read;
}

int platform_write_file(const char *path, const void *text, size_t size)
{
	struct file *file = filp_open(path, O_WRONLY, 0);
	loff_t position = 0;
	ssize_t written;

	if (IS_ERR(file))
		return PTR_ERR(file);
	written = kernel_write(file, text, size, &position);
	filp_close(file, NULL);
	if (written < 0)
		return written;
	return written == size ? 0 : -EIO;
}

u64 platform_log_end(void)
{
	struct kmsg_dump_iter log = {};

	kmsg_dump_rewind(&log);
	return log.next_seq;
}

ssize_t platform_log_line(u64 *position, char *line, size_t size)
{
	struct kmsg_dump_iter log = {};
	size_t length;

	kmsg_dump_rewind(&log);
	/* What was logged before is gone, or was hidden with `dmesg --clear`. */
	log.cur_seq = max(log.cur_seq, *position);
	if (!kmsg_dump_get_line(&log, false, line, size, &length))
		return -1;
	*position = log.cur_seq;
	return length;
}

void platform_taint_by_user(void)
{
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}
