use chrono::NaiveDate;

use super::batch::Batch;
use super::debtor_table::Debtor;
use super::documents::Customer;
use super::field::Columns;
use super::note::Note;
use super::table::Check;

/// What one thread read of one file.
pub struct Shard {
    /// The debtors that its rows name, numbered as they came.
    pub debtors: Vec<Debtor>,
    /// The rows, part by part.
    pub batches: Vec<Batch>,
}

/// One file, read.
pub struct FileRead {
    /// What each thread read.
    pub shards: Vec<Shard>,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Name of the layout by which it was read.
    pub layout: String,
    /// The same for people.
    pub layout_title: String,
    /// Whether the file holds documents, and not only payments or customers.
    pub is_ledger: bool,
    /// Header cells that name a field.
    pub recognised: Vec<String>,
    /// Header cells that name none.
    pub ignored: Vec<String>,
    /// Rows that are not UTF-8, beyond those that the batches count.
    pub not_utf8: u64,
    /// What its customer lists say.
    pub customers: Vec<Customer>,
    /// What was found out beside the rows.
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

/// What was found out about files beside their rows.
#[derive(Debug, Default)]
pub struct IntakeNotes {
    /// The sums that the file states, beside ours.
    pub checks: Vec<Check>,
    /// How it was read.
    pub readings: Vec<Note>,
    /// What is odd and was read all the same.
    pub warnings: Vec<Note>,
    /// The date as of which it says that it was made.
    pub stated_as_of: Option<NaiveDate>,
}

impl IntakeNotes {
    /// Adds what was found out about another file; the latest date stands.
    pub fn add(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.readings.extend(other.readings);
        self.warnings.extend(other.warnings);
        self.stated_as_of = self.stated_as_of.max(other.stated_as_of);
    }
}
