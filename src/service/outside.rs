use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The clock and random numbers that the process passes to the service.
#[derive(Debug, Clone, Copy)]
pub struct Outside {
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
    /// Fills a buffer with random bits; false if the system provides none.
    pub random: fn(&mut [u8]) -> bool,
}

/// Limits on ledgers and jobs.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Path of this program, which runs every job in a process of its own.
    pub program: PathBuf,
    /// Largest ledger, in bytes.
    pub most_bytes: u64,
    /// Number of jobs at a time.
    pub jobs: usize,
    /// Most memory of a job, in bytes.
    pub job_memory: u64,
    /// Longest time of a job.
    pub job_time: Duration,
    /// Days by which a payout may be dated back.
    pub back_dating_days: u32,
}

/// The place of exported heads, and how often one is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// The folder, which should be out of reach of whoever can change the database.
    pub folder: PathBuf,
    /// The interval, in which something has to have been written.
    pub every: Duration,
}
