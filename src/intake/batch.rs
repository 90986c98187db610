use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use basics::{Currency, Day};

use super::classes::Classes;
use super::debtor_table::{DebtorCells, DebtorTable};
use super::field::{Columns, Field};
use super::maybe_day::MaybeDay;
use super::reductions::Reduction;
use super::reject::quoted;
use super::row::{Assumed, CheckedRow, Delivery, RowChecker};
use super::row_cells::{Cells, RowFault, minor_units};
use super::{IngestOptions, ReductionKind, Reject, RejectCode};

/// One accepted row. Its texts and reductions are in its batch, so that rows have a fixed size and
/// are cheap to sort and move.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Minor units; negative for a credit note or another reduction.
    pub face: i64,
    /// Issue date.
    pub issue: Day,
    /// Due date.
    pub due: Day,
    /// The day on which the dispute was raised.
    pub disputed_on: MaybeDay,
    /// The debtor in canonical order, once all threads have read.
    pub debtor: u32,
    /// Number of the batch.
    pub batch: u32,
    /// Start of the number in the batch's texts; the purchase order and the job follow it.
    pub text: u32,
    /// Length of the number in bytes.
    pub number_len: u32,
    /// Hash of the number, the same in all batches of a run.
    pub number_hash: u32,
    /// Length of the purchase order in bytes.
    pub po_number_len: u16,
    /// Length of the job in bytes.
    pub job_len: u16,
    /// Index of the first reduction in the batch.
    pub reductions: u32,
    /// 1-based line on which the row starts.
    pub line: u32,
    /// Index of the file.
    pub file: u16,
    /// Number of reductions that the row states.
    pub reduction_count: u8,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Kind of reduction that a row with a negative face is.
    pub settles: ReductionKind,
    /// True if someone other than the client is to be paid.
    pub already_assigned: bool,
    /// True if the debtor disputes it; `None` when the ledger does not say.
    pub disputed: Option<bool>,
    /// True if the issue date is the due date less the assumed terms.
    pub issue_assumed: bool,
    /// True if the due date is the issue date plus the assumed terms.
    pub due_assumed: bool,
}

/// Amount of rejected rows per currency, as far as their cells could be read.
pub type RejectedTotals = BTreeMap<Currency, i128>;

/// The accepted and rejected rows of part of a file.
pub struct Batch {
    /// The accepted rows, in the order of the file.
    pub rows: Vec<Row>,
    /// The debtor of each row as its thread numbers it.
    pub debtors: Vec<u32>,
    /// Numbers, purchase orders and jobs of the rows, one after the other.
    pub texts: String,
    /// The start of the texts of each invoice that has a delivery date, in that order, and the
    /// date: most ledgers have none, and their rows should not grow for it.
    pub delivered: Vec<(u32, Day)>,
    /// Reductions of the rows, one after the other.
    pub reductions: Vec<Reduction>,
    /// Reductions in rows of their own, which name their invoice or none.
    pub loose: Vec<Loose>,
    /// The rejected rows.
    pub rejects: Vec<Reject>,
    /// Amounts of the rejected rows.
    pub rejected_amount: RejectedTotals,
    /// First line with a quoted cell that swallows the rows below it.
    pub stray_quote: Option<u64>,
    /// Numbers of rows by what became of them.
    pub counts: Counts,
}

/// A reduction in a row of its own.
#[derive(Debug, Clone)]
pub struct Loose {
    /// The debtor as its thread numbers it, later in canonical order.
    pub debtor: u32,
    /// Its own number; empty when it has none.
    pub number: Box<str>,
    /// Number of the invoice; empty when it names none.
    pub applied_to: Box<str>,
    /// Its kind.
    pub kind: ReductionKind,
    /// Its date; `None` when the row gives none.
    pub date: Option<Day>,
    /// Minor units, positive.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// True if the balance of its invoice already counts it.
    pub may_be_implied: bool,
    /// Its file and line.
    pub place: Place,
}

/// Numbers of rows of a file by what happened to them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Records after the header, blank ones included.
    pub read: u64,
    /// Rows without an issue date.
    pub issue_assumed: u64,
    /// Rows without a due date.
    pub due_assumed: u64,
    /// Rows that name no currency.
    pub currency_assumed: u64,
    /// Rows that say that the day of delivery is not known yet.
    pub delivery_unknown: u64,
    /// Records that were not UTF-8 and were read as Windows-1252.
    pub not_utf8: u64,
    /// Rejects whose amount could not be read.
    pub amount_unread: u64,
    /// Rows that are not invoices.
    pub classes: Classes,
}

impl Counts {
    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.issue_assumed += other.issue_assumed;
        self.due_assumed += other.due_assumed;
        self.currency_assumed += other.currency_assumed;
        self.delivery_unknown += other.delivery_unknown;
        self.not_utf8 += other.not_utf8;
        self.amount_unread += other.amount_unread;
        self.classes.add(&other.classes);
    }
}

impl Batch {
    /// An empty batch with room for `bytes` of a file, judged by the batch before it.
    pub fn for_bytes(bytes: usize, before: Option<&Self>, bytes_before: usize) -> Self {
        /// Bytes of a short row; a low estimate only costs one reallocation.
        const SHORT: usize = 64;
        let Some(before) = before.filter(|_| bytes_before > 0) else {
            return Self::with_capacity(bytes / SHORT);
        };
        // A thirty-second more than in proportion: rows vary in length, and growing a full vector
        // would copy it and double it.
        let share = |count: usize| count * bytes / bytes_before * 33 / 32 + 16;
        let mut batch = Self::with_capacity(0);
        batch.rows.reserve_exact(share(before.rows.len()));
        batch.debtors.reserve_exact(share(before.debtors.len()));
        batch.texts.reserve_exact(share(before.texts.len()));
        batch.reductions.reserve_exact(share(before.reductions.len()));
        batch
    }

    /// An empty batch with room for this many rows.
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            debtors: Vec::with_capacity(rows),
            texts: String::with_capacity(16 * rows),
            delivered: Vec::new(),
            reductions: Vec::with_capacity(rows),
            loose: Vec::new(),
            rejects: Vec::new(),
            rejected_amount: RejectedTotals::new(),
            stray_quote: None,
            counts: Counts::default(),
        }
    }

    fn push(&mut self, row: &CheckedRow<'_>, debtor: u32, place: Place) {
        let Assumed { issue, due, currency } = row.assumed;
        self.counts.issue_assumed += u64::from(issue);
        self.counts.due_assumed += u64::from(due);
        self.counts.currency_assumed += u64::from(currency);
        self.counts.delivery_unknown += u64::from(row.delivered == Delivery::Unknown);
        let reductions = narrow(self.reductions.len());
        self.reductions.extend(row.reductions.iter().flatten());
        let text = narrow(self.texts.len());
        let (po_number, job) = (short(row.po_number), short(row.job));
        for part in [row.number, po_number, job] {
            self.texts.push_str(part);
        }
        // Only an invoice matters, and each has a number, so that no two begin at one place.
        if let Delivery::On(day) = row.delivered
            && row.face > 0
        {
            self.delivered.push((text, day));
        }
        self.debtors.push(debtor);
        self.rows.push(Row {
            face: row.face,
            issue: row.issue,
            due: row.due,
            disputed_on: row.disputed_date.into(),
            // Both are only known once all threads have finished.
            debtor: 0,
            batch: 0,
            text,
            number_len: narrow(row.number.len()),
            // Half of the hash: a candidate that is no match costs one comparison of texts.
            number_hash: NUMBER_HASHER.hash_one(row.number) as u32,
            po_number_len: po_number.len() as u16,
            job_len: job.len() as u16,
            reductions,
            line: place.line,
            file: place.file,
            // At most six: `Reductions` has no more places.
            reduction_count: row.reductions.iter().flatten().count() as u8,
            currency: row.currency,
            // The plain layout has no column of types: a negative amount is a credit note.
            settles: row.settles.unwrap_or(ReductionKind::CreditNote),
            already_assigned: row.already_assigned,
            disputed: row.disputed,
            issue_assumed: issue,
            due_assumed: due,
        });
    }
}

/// Finds candidates for equal numbers; equality itself is always checked on the text. The seed is
/// fixed because hashes from different threads are compared.
const NUMBER_HASHER: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0);

/// The file and line of a row.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Index of the file.
    pub file: u16,
    /// 1-based line.
    pub line: u32,
}

/// Reads the rows of one file on one thread: checks each row and keeps it in a batch.
pub struct RowReader<'a> {
    file: Arc<str>,
    file_index: u16,
    columns: &'a Columns,
    options: &'a IngestOptions,
    checker: RowChecker<'a>,
    pub debtors: DebtorTable,
    /// Number of rows kept that name a job of their debtor.
    pub with_job: u64,
}

impl<'a> RowReader<'a> {
    pub fn new(
        file: Arc<str>,
        file_index: u16,
        columns: &'a Columns,
        options: &'a IngestOptions,
    ) -> Self {
        let checker = RowChecker::new(columns, options);
        let debtors = DebtorTable::default();
        Self { file, file_index, columns, options, checker, debtors, with_job: 0 }
    }

    /// Takes the customer before this mark in names as the debtor, and the rest as its job.
    pub fn split_names(&mut self, mark: Option<&'a str>) {
        self.checker.sub_customers = mark;
    }

    /// True if a row, with its payment, would pass every check.
    pub fn would_take(&mut self, row: &impl Cells) -> bool {
        self.checker.check(row).is_ok()
    }

    /// Checks one row and keeps it, or keeps it as a reject.
    pub fn take(&mut self, row: &impl Cells, line: u64, batch: &mut Batch) {
        match self.checker.check(row) {
            Ok(checked) => {
                let client =
                    if checked.client.is_empty() { &self.options.client } else { checked.client };
                let debtor = self.debtors.code(DebtorCells {
                    client,
                    id: checked.debtor_id,
                    name: checked.debtor_name,
                    country: checked.country,
                    by_name: checked.by_name,
                    child: checked.child,
                    issue: checked.issue,
                });
                let place = Place { file: self.file_index, line: narrow64(line) };
                self.with_job += u64::from(!checked.job.is_empty());
                batch.push(&checked, debtor, place);
            }
            Err(fault) => self.refuse(row, fault, line, batch),
        }
    }

    /// Keeps a row as a reject, with its amount if that can be read.
    pub fn refuse(&self, row: &impl Cells, fault: RowFault, line: u64, batch: &mut Batch) {
        // The control totals count rejected amounts too, or they could not be compared with the
        // file.
        let code = row.cell(Field::Currency);
        let currency = if code.is_empty() { Ok(self.options.currency) } else { code.parse() };
        let readable = row.fault(Field::Amount).is_none();
        if let Ok(currency) = currency
            && readable
            && let Ok(minor) = minor_units(row, Field::Amount, currency)
        {
            *batch.rejected_amount.entry(currency).or_default() += i128::from(minor);
        } else {
            batch.counts.amount_unread += 1;
        }
        batch.rejects.push(self.reject(fault, line));
    }

    /// Checks a row that is a payment or credit and keeps it as a reduction, or as a reject.
    pub fn take_settlement(&mut self, row: &impl Cells, line: u64, batch: &mut Batch) {
        if self.add_settlement(row, line, batch) {
            batch.counts.classes.count(row.settles().unwrap_or(ReductionKind::Payment));
        }
    }

    /// The fault that keeps a row from being a reduction, if there is one. A row that holds two
    /// reductions, or one beside its invoice, is checked before any part is counted: otherwise it
    /// could be counted both as accepted and as a reject.
    pub fn settlement_fault(&mut self, row: &impl Cells) -> Option<RowFault> {
        self.checker.check_settlement(row).err()
    }

    /// Keeps a further reduction of a row that is already counted; false if it became a reject.
    pub fn add_settlement(&mut self, row: &impl Cells, line: u64, batch: &mut Batch) -> bool {
        let checked = match self.checker.check_settlement(row) {
            Ok(checked) => checked,
            Err(fault) => {
                self.refuse(row, fault, line, batch);
                return false;
            }
        };
        let client = if checked.client.is_empty() { &self.options.client } else { checked.client };
        let debtor = self.debtors.code(DebtorCells {
            client,
            id: checked.debtor_id,
            name: checked.debtor_name,
            country: checked.country,
            by_name: checked.by_name,
            child: checked.child,
            // Undated, so that it does not make a name known earlier than a dated row does.
            issue: checked.date.unwrap_or(Day::MAX),
        });
        batch.counts.currency_assumed += u64::from(checked.currency_assumed);
        self.with_job += u64::from(!checked.job.is_empty());
        batch.loose.push(Loose {
            debtor,
            number: row.cell(Field::InvoiceNumber).into(),
            applied_to: checked.applied_to.into(),
            kind: checked.kind,
            date: checked.date,
            amount: checked.amount,
            currency: checked.currency,
            // A payment that is an open item itself has not yet reduced its invoice's balance.
            may_be_implied: row.cell(Field::OpenBalance).is_empty(),
            place: Place { file: self.file_index, line: narrow64(line) },
        });
        true
    }

    /// Rejects a row whose cells do not match the header.
    pub fn refuse_width(&self, found: usize, row: &str, line: u64, batch: &mut Batch) {
        // Where cells and header do not match, nobody knows which cell is the amount.
        batch.counts.amount_unread += 1;
        batch.rejects.push(Reject {
            file: Arc::clone(&self.file),
            line,
            column: String::new(),
            value: quoted(row),
            code: RejectCode::ColumnCount,
            message: format!(
                "the row has {found} cells but the header has {}",
                self.columns.width()
            ),
        });
    }

    fn reject(&self, fault: RowFault, line: u64) -> Reject {
        Reject {
            file: Arc::clone(&self.file),
            line,
            column: fault.column.unwrap_or_else(|| {
                fault.field.map_or(String::new(), |f| self.columns.header_of(f).to_owned())
            }),
            value: fault.value,
            code: fault.code,
            message: fault.message,
        }
    }
}

/// At most the first 65,535 bytes of a text, which no real purchase order or job exceeds.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(usize::from(u16::MAX))]
}

/// A position in 32 bits: batches are far smaller than that.
fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// A line number in 32 bits: files of more than 4 billion lines are refused by their row count.
fn narrow64(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
