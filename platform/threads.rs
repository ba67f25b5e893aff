// SPDX-License-Identifier: GPL-2.0

//! Kernel threads that are pinned to CPUs, for the time of one call.

use super::{
    cpu::Cpu,
    ffi,
    task, //
};
use kernel::{
    bindings,
    error::from_err_ptr,
    ffi::{
        c_int,
        c_void, //
    },
    new_condvar, new_mutex,
    prelude::*,
    sync::{
        atomic::{
            Acquire,
            Atomic,
            Full,
            Relaxed, //
        },
        CondVar,
        Mutex, //
    },
};

/// How often a worker that waits for others looks around, while it asks nobody whether to go on.
const TURNS_PER_QUESTION: u32 = 1024;

/// Calls `work` on a thread of its own on each of `cpus`, each with a share of its own, and returns
/// when the last of them has returned.
///
/// A signal for the caller tells the workers to stop; they have to look, and to return soon after.
/// A thread whose CPU goes offline meanwhile goes on elsewhere.
///
/// # Errors
///
/// - `EINTR`: somebody kills the caller; none has run.
/// - `ENOMEM` and others: not all threads could be made; none has run.
///
/// Context: may sleep, for as long as the work takes; after a signal uninterruptibly, until the last
/// worker has seen it. A worker cannot see it while a task of higher priority keeps its CPU.
pub(crate) fn run_on<T: Send>(
    cpus: &[Cpu],
    shares: &mut [T],
    work: impl Fn(&Worker<'_>, &mut T) + Sync,
) -> Result {
    let size = cpus.len().min(shares.len());
    let team = KBox::pin_init(Team::new(size), GFP_KERNEL)?;
    let team: &Team = &team;
    let mut jobs = KVec::with_capacity(size, GFP_KERNEL)?;
    for (index, (cpu, share)) in cpus.iter().zip(shares).enumerate() {
        let worker = Worker {
            index,
            cpu: *cpu,
            team,
        };
        jobs.push(
            Job {
                worker,
                share,
                work: &work,
            },
            GFP_KERNEL,
        )?;
    }
    let mut threads = KVec::with_capacity(size, GFP_KERNEL)?;
    for job in &mut jobs {
        // SAFETY: This function drops the thread, which ends it, before `jobs`, `team` and `work`;
        // nothing forgets it, and a panic does not unwind. Nobody else uses the job after this.
        threads.push(unsafe { Thread::create(job) }?, GFP_KERNEL)?;
    }
    *team.running.lock() = threads.len();
    for thread in &threads {
        thread.start();
    }
    team.wait();
    Ok(())
}

/// What the threads of one call share.
#[pin_data]
struct Team {
    size: usize,
    /// How many have not returned yet.
    #[pin]
    running: Mutex<usize>,
    #[pin]
    last_returned: CondVar,
    is_told_to_stop: Atomic<bool>,
    /// How many have come to a meeting, counted over all meetings.
    arrived: Atomic<usize>,
}

impl Team {
    fn new(size: usize) -> impl PinInit<Self> {
        pin_init!(Self {
            size,
            running <- new_mutex!(0, "Team::running"),
            last_returned <- new_condvar!("Team::last_returned"),
            is_told_to_stop: Atomic::new(false),
            arrived: Atomic::new(0),
        })
    }

    /// Waits until the last thread has returned from its work.
    fn wait(&self) {
        let mut running = self.running.lock();
        while *running > 0 {
            if self.is_told_to_stop.load(Relaxed) {
                self.last_returned.wait(&mut running);
            } else if self.last_returned.wait_interruptible(&mut running) {
                self.is_told_to_stop.store(true, Relaxed);
            }
        }
    }
}

/// One of the threads, as its work sees it.
pub(crate) struct Worker<'a> {
    /// Its place among `cpus`.
    pub(crate) index: usize,
    cpu: Cpu,
    team: &'a Team,
}

impl Worker<'_> {
    /// The place of the worker after this one; after the last one comes the first.
    pub(crate) fn next_index(&self) -> usize {
        match self.index + 1 {
            next if next < self.team.size => next,
            _ => 0,
        }
    }

    /// Whether the work is to end early.
    pub(crate) fn is_told_to_stop(&self) -> bool {
        self.team.is_told_to_stop.load(Relaxed)
    }

    /// Tells all workers to stop. Who returns before the others have to call it, if they could wait.
    pub(crate) fn tell_all_to_stop(&self) {
        self.team.is_told_to_stop.store(true, Relaxed);
    }

    /// Waits until all workers are here, turning around instead of being woken, so that they go on at
    /// the same time. What any of them wrote before, all of them see after.
    ///
    /// # Errors
    ///
    /// What `go_on` says, which is asked now and then: not all of them may have come.
    ///
    /// Context: may sleep.
    pub(crate) fn meet<E>(&self, go_on: impl Fn() -> Result<(), E>) -> Result<(), E> {
        let size = self.team.size;
        let arrived = self.team.arrived.fetch_add(1, Full);
        // Each meeting takes as many arrivals as there are workers, of which this is one.
        let meeting_is_full = (arrived / size.max(1) + 1) * size;
        let mut turns: u32 = 0;
        while self.team.arrived.load(Acquire) < meeting_is_full {
            if turns % TURNS_PER_QUESTION == 0 {
                go_on()?;
            }
            turns = turns.wrapping_add(1);
            task::relax();
        }
        Ok(())
    }
}

/// What one thread does.
struct Job<'a, T> {
    worker: Worker<'a>,
    share: &'a mut T,
    work: &'a (dyn Fn(&Worker<'_>, &mut T) + Sync),
}

impl<T: Send> Job<'_, T> {
    /// The job as C passes it on. The thread that does it may be any.
    fn as_data(&mut self) -> *mut c_void
    where
        Self: Send,
    {
        core::ptr::from_mut(self).cast()
    }

    /// # Safety
    ///
    /// `job` points to a `Job` that outlives the thread, and that nobody else uses.
    unsafe extern "C" fn run(job: *mut c_void) -> c_int {
        // SAFETY: This function's contract.
        let job = unsafe { &mut *job.cast::<Job<'_, T>>() };
        (job.work)(&job.worker, job.share);
        let team = job.worker.team;
        let mut running = team.running.lock();
        *running -= 1;
        if *running == 0 {
            team.last_returned.notify_one();
        }
        0
    }
}

/// A kernel thread. Dropping it waits until it has ended; if it was not started, it never runs.
///
/// # Invariants
///
/// `task` is a kernel thread to which this value holds a reference.
struct Thread {
    task: *mut bindings::task_struct,
}

impl Thread {
    /// Makes a thread that will do `job`, and does not start it.
    ///
    /// # Safety
    ///
    /// The result is dropped before the job, and what it borrows, goes away; until then nobody else
    /// uses the job.
    unsafe fn create<T: Send>(job: &mut Job<'_, T>) -> Result<Self> {
        let cpu = job.worker.cpu.number();
        // SAFETY:
        // - `run` takes what the data points to: a job that outlives the thread and is used by it
        //   alone, by this function's contract, and that `as_data` lets another thread have.
        // - By its invariants the CPU is a possible one.
        // - The helper gives a task with a reference, or an error.
        let task = from_err_ptr(unsafe {
            ffi::platform_create_thread(Some(Job::<T>::run), job.as_data(), cpu)
        })?;
        // INVARIANT: The helper took the reference.
        Ok(Self { task })
    }

    fn start(&self) {
        // SAFETY: By the type invariants the task is valid.
        unsafe { bindings::wake_up_process(self.task) };
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: By the type invariants the task is valid, and the reference ours to give back. The
        // call waits until the thread has left this module's text.
        unsafe { bindings::kthread_stop_put(self.task) };
    }
}
