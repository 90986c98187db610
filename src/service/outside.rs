use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// What the process gives the service: time, random bits, and a place for its log.
#[derive(Debug, Clone, Copy)]
pub struct Outside {
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
    /// Fills with random bits; false when the system has none.
    pub random: fn(&mut [u8]) -> bool,
    /// Takes a line of the log.
    pub log: fn(&str),
}

/// Limits of what is read and worked on.
#[derive(Debug, Clone)]
pub struct Limits {
    /// This program, which works on jobs in processes of its own.
    pub program: PathBuf,
    /// Largest ledger, in bytes.
    pub most_bytes: u64,
    /// Jobs at a time.
    pub jobs: usize,
    /// Most memory of a job, in bytes.
    pub job_memory: u64,
    /// Longest time of a job.
    pub job_time: Duration,
}
