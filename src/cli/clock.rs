//! The clock of this process: the only place that reads the time of day.
//!
//! Tests and trials set it. `FACTORAGE_CLOCK` names a file with the number of seconds by which it
//! is ahead of the machine's, or behind if that is negative; the file may change while the process
//! runs, and the next look at the clock heeds it. It is an environment variable without an argument
//! or a member of the configuration beside it, so that nobody sets it in passing, and
//! `factorage serve` warns of it in its log when it starts.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Local, SecondsFormat, TimeDelta, Utc};

use basics::refusal;

use super::CliError;

/// The environment variable with the file.
const VARIABLE: &str = "FACTORAGE_CLOCK";

/// The seconds that the file held when it was last read.
static AHEAD: AtomicI64 = AtomicI64::new(0);

fn file() -> Option<&'static PathBuf> {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    FILE.get_or_init(|| env::var_os(VARIABLE).map(PathBuf::from)).as_ref()
}

/// Reads the seconds, a hundred years at most.
fn seconds(text: &str) -> Option<i64> {
    const MOST: i64 = 100 * 366 * 86_400;
    text.trim().parse().ok().filter(|seconds| (-MOST..=MOST).contains(seconds))
}

/// The time by which the clock is ahead of the machine's. A file that cannot be read leaves it as
/// it was.
fn ahead() -> TimeDelta {
    let Some(file) = file() else { return TimeDelta::zero() };
    if let Some(read) = fs::read_to_string(file).ok().and_then(|text| seconds(&text)) {
        AHEAD.store(read, Ordering::Relaxed);
    }
    TimeDelta::seconds(AHEAD.load(Ordering::Relaxed))
}

/// Returns the time, which a test may have set.
pub(super) fn now() -> DateTime<Utc> {
    Utc::now() + ahead()
}

/// Returns the time as the store keeps it: RFC 3339 in UTC to the second.
pub(super) fn stamp() -> String {
    now().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Returns the time where this machine is.
pub(super) fn local() -> DateTime<Local> {
    now().with_timezone(&Local)
}

/// Returns the seconds by which the clock was set ahead; `None` if it is the machine's.
///
/// # Errors
/// If the file cannot be read or holds no number of seconds.
pub(super) fn set_ahead() -> Result<Option<i64>, CliError> {
    let Some(file) = file() else { return Ok(None) };
    let named = |error: &str| format!("{VARIABLE}: {}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| named(&refusal(&error)))?;
    let read = seconds(&text).ok_or_else(|| named("expected a whole number of seconds"))?;
    Ok(Some(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_seconds_of_at_most_a_hundred_years() {
        assert_eq!([seconds("-86400\n"), seconds("0")], [Some(-86_400), Some(0)]);
        for wrong in ["", "1.5", "2026-06-30", "9223372036854775807"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn without_a_file_the_clock_is_that_of_the_machine() {
        let (before, now) = (Utc::now(), now());
        assert!((before..=Utc::now()).contains(&now));
        assert!(matches!(set_ahead(), Ok(None)));
    }
}
