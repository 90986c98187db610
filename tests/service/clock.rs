//! The clock of the servers at a place. The samples are of the first half of 2026: what is sold is
//! offered and accepted then, as it could not be paid out for an earlier day, and all else happens
//! today.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use chrono::{DateTime, Utc};

/// A file with the seconds by which the servers are ahead of this machine.
pub struct Clock {
    file: PathBuf,
    /// The time at which each day that is shown begins, so that the second look at one is later.
    begun: DateTime<Utc>,
    day: Mutex<Day>,
}

/// The day that the servers have.
#[derive(PartialEq)]
enum Day {
    Today,
    /// Of what is sold by a request.
    Of(&'static str),
    /// Until a test sets another.
    Set,
}

/// The day on which a request has to be made; none for what only reads.
fn made_on(method: &str, path: &str) -> Option<Day> {
    match (method, path) {
        ("GET", _) => None,
        ("POST", "/v1/positions") => Some(Day::Of("2026-01-01")),
        (_, path) if path.ends_with("/evaluations") || path.starts_with("/v1/offers/") => {
            Some(Day::Of("2026-06-30"))
        }
        _ => Some(Day::Today),
    }
}

impl Clock {
    pub fn new(folder: &Path) -> Self {
        let (file, begun, day) = (folder.join("clock"), Utc::now(), Mutex::new(Day::Today));
        let own = Self { file, begun, day };
        own.write(0);
        own
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Sets a day; from now on no request changes it.
    pub fn set(&self, day: &str) {
        let mut own = self.day.lock().expect("no panic before");
        self.show(day);
        *own = Day::Set;
    }

    /// Makes it the day of a request, unless a test has set one.
    pub fn before(&self, method: &str, path: &str) {
        let mut own = self.day.lock().expect("no panic before");
        let Some(next) = made_on(method, path).filter(|next| *own != Day::Set && *own != *next)
        else {
            return;
        };
        match next {
            Day::Of(day) => self.show(day),
            Day::Today | Day::Set => self.write(0),
        }
        *own = next;
    }

    fn show(&self, day: &str) {
        let time: DateTime<Utc> = format!("{day}T00:01:00Z").parse().expect("a day");
        self.write((time - self.begun).num_seconds());
    }

    fn write(&self, seconds: i64) {
        // In one step: a server may be reading it.
        let next = self.file.with_extension("next");
        fs::write(&next, seconds.to_string()).expect("a file");
        fs::rename(next, &self.file).expect("the clock");
    }
}
