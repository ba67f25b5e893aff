// SPDX-License-Identifier: GPL-2.0

//! Kernel threads that are pinned to CPUs, for the time of one call.

use super::{
    cpu::Cpu,
    ffi,
    task, //
};
use core::ffi::{
    c_int,
    c_void, //
};
use kernel::{
    bindings,
    error::from_err_ptr,
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

/// Calls `work` on a thread of its own on each of `cpus`, all of them started together, and returns
/// when the last of them has returned.
///
/// A signal for the caller tells the workers to stop; they have to look, and to return soon after.
/// A thread whose CPU goes offline meanwhile goes on elsewhere.
///
/// # Errors
///
/// `ENOMEM` and others if not all threads could be made; then none has run.
///
/// Context: may sleep, for as long as the work takes.
pub(crate) fn run_on(cpus: &[Cpu], work: impl Fn(&Worker<'_>) + Sync) -> Result {
    let team = KBox::pin_init(Team::new(cpus.len()), GFP_KERNEL)?;
    let team: &Team = &team;
    let mut jobs = KVec::with_capacity(cpus.len(), GFP_KERNEL)?;
    for (index, cpu) in cpus.iter().enumerate() {
        let worker = Worker {
            index,
            cpu: *cpu,
            team,
        };
        jobs.push(
            Job {
                worker,
                work: &work,
            },
            GFP_KERNEL,
        )?;
    }
    let mut threads = KVec::with_capacity(cpus.len(), GFP_KERNEL)?;
    for job in &jobs {
        // SAFETY: This function drops the thread, which ends it, before `jobs`, `team` and `work`;
        // nothing forgets it, and a panic does not unwind.
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
    /// The CPU it is pinned to.
    pub(crate) cpu: Cpu,
    team: &'a Team,
}

/// The workers were told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ToldToStop;

impl Worker<'_> {
    /// Whether the work is to end early.
    pub(crate) fn is_told_to_stop(&self) -> bool {
        self.team.is_told_to_stop.load(Relaxed)
    }

    /// Tells all workers to stop.
    pub(crate) fn tell_all_to_stop(&self) {
        self.team.is_told_to_stop.store(true, Relaxed);
    }

    /// Waits until all workers are here, without sleeping, so that they go on at the same time. What
    /// any of them wrote before, all of them see after.
    ///
    /// # Errors
    ///
    /// [`ToldToStop`]: not all of them may have come.
    pub(crate) fn meet(&self) -> Result<(), ToldToStop> {
        let size = self.team.size;
        let arrived = self.team.arrived.fetch_add(1, Full);
        // Each meeting takes as many arrivals as there are workers.
        let meeting_is_full = (arrived / size + 1) * size;
        while self.team.arrived.load(Acquire) < meeting_is_full {
            if self.is_told_to_stop() {
                return Err(ToldToStop);
            }
            task::relax();
        }
        Ok(())
    }
}

/// What one thread does.
struct Job<'a> {
    worker: Worker<'a>,
    work: &'a (dyn Fn(&Worker<'_>) + Sync),
}

impl Job<'_> {
    /// # Safety
    ///
    /// `job` points to a `Job` that outlives the thread, and that others only read.
    unsafe extern "C" fn run(job: *mut c_void) -> c_int {
        // SAFETY: This function's contract.
        let job = unsafe { &*job.cast::<Job<'_>>() };
        (job.work)(&job.worker);
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
    /// The result is dropped before the job, and what it borrows, goes away.
    unsafe fn create(job: &Job<'_>) -> Result<Self> {
        let data: *const c_void = core::ptr::from_ref(job).cast();
        // SAFETY: The function takes what `data` points to, which outlives the thread by this
        // function's contract. The helper gives a task with a reference, or an error.
        let task = from_err_ptr(unsafe {
            ffi::platform_create_thread(Some(Job::run), data.cast_mut(), job.worker.cpu.number())
        })?;
        // INVARIANT: The helper took the reference.
        Ok(Self { task })
    }

    fn start(&self) {
        // SAFETY: By the type invariants the task is live.
        unsafe { bindings::wake_up_process(self.task) };
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: By the type invariants the task is live, and the reference ours to give back. The
        // call waits until the thread has left this module's text.
        unsafe { bindings::kthread_stop_put(self.task) };
    }
}
