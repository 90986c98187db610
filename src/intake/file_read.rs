use chrono::NaiveDate;

use super::batch::Batch;
use super::debtor_table::Debtor;
use super::documents::Customer;
use super::field::Columns;
use super::note::Note;
use super::table::Check;

/// The part of one file that one thread read.
pub struct Shard {
    /// The debtors that its rows name, in the order in which they were read.
    pub debtors: Vec<Debtor>,
    /// The rows, block by block.
    pub batches: Vec<Batch>,
}

/// The contents of one file.
pub struct FileRead {
    /// The parts read by each thread.
    pub shards: Vec<Shard>,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Name of the layout used to read it.
    pub layout: String,
    /// Title of the layout, for people.
    pub layout_title: String,
    /// True if the file holds documents, and not only payments or customers.
    pub is_ledger: bool,
    /// Header cells that name a field.
    pub recognised: Vec<String>,
    /// Header cells that name none.
    pub ignored: Vec<String>,
    /// Rows that are not UTF-8 and are not counted in a batch.
    pub not_utf8: u64,
    /// The entries of its customer lists.
    pub customers: Vec<Customer>,
    /// Checks, readings and warnings.
    pub notes: IntakeNotes,
}

impl FileRead {
    /// A file in the plain layout.
    pub fn plain(shards: Vec<Shard>, bytes: u64, sha256: String, columns: &Columns) -> Self {
        Self {
            shards,
            bytes,
            sha256,
            layout: "plain".to_owned(),
            layout_title: "one row per invoice".to_owned(),
            is_ledger: true,
            recognised: columns.recognised_headers(),
            ignored: columns.ignored(),
            not_utf8: 0,
            customers: Vec::new(),
            notes: IntakeNotes::default(),
        }
    }
}

/// Findings about files, beside their rows.
#[derive(Debug, Default)]
pub struct IntakeNotes {
    /// The totals that the file states, checked against its rows.
    pub checks: Vec<Check>,
    /// Decisions on how to read it.
    pub readings: Vec<Note>,
    /// Oddities that were read all the same.
    pub warnings: Vec<Note>,
    /// The as-of date that the file states.
    pub stated_as_of: Option<NaiveDate>,
}

impl IntakeNotes {
    /// Adds the findings about another file; the latest as-of date is kept.
    pub fn add(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.readings.extend(other.readings);
        self.warnings.extend(other.warnings);
        self.stated_as_of = self.stated_as_of.max(other.stated_as_of);
    }
}
