//! Joins what the threads read into one ledger in canonical order, and finds repeated rows and
//! numbers.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::{Batch, Counts, Loose, RejectedTotals, Row};
use super::debtor_master::DebtorMaster;
use super::debtor_merge::{Merged, merge};
use super::debtor_table::Debtor;
use super::documents::Customer;
use super::footing::FileFooting;
use super::reductions::Reduction;
use super::{
    FileRead, IngestOptions, IntakeNotes, Ledger, LedgerError, Reject, RejectCode, frames,
};

/// Every accepted row of every file.
pub(super) struct Gathered {
    pub rows: Vec<Row>,
    /// The texts and reductions of the rows, by number of the batch.
    batches: Vec<RowData>,
    pub debtors: Vec<Debtor>,
    /// The rows of each debtor.
    pub groups: Vec<Range<usize>>,
    /// Settlements in rows of their own.
    pub settlements: Vec<Loose>,
    pub notes: IntakeNotes,
    pub rejects: Vec<Reject>,
    pub rejected_amount: RejectedTotals,
    pub counts: Counts,
    pub files: Vec<FileFooting>,
    names: Vec<Arc<str>>,
}

/// The rows of a batch and the debtor of each.
type BatchRows = (Vec<Row>, Vec<u32>);

struct RowData {
    texts: String,
    reductions: Vec<Reduction>,
}

impl Gathered {
    /// The reductions that `row` states.
    pub fn reductions_of(&self, row: &Row) -> &[Reduction] {
        let start = row.reductions as usize;
        let count = usize::from(row.reduction_count);
        &self.batches[row.batch as usize].reductions[start..start + count]
    }

    /// The same, to be changed.
    pub fn reductions_of_mut(&mut self, row: usize) -> &mut [Reduction] {
        let row = &self.rows[row];
        let start = row.reductions as usize;
        let count = usize::from(row.reduction_count);
        &mut self.batches[row.batch as usize].reductions[start..start + count]
    }

    /// Lets go of the reductions, once the settlements are built from them.
    pub fn drop_reductions(&mut self) {
        self.batches.iter_mut().for_each(|batch| batch.reductions = Vec::new());
    }

    /// Lets go of the rows and their texts, once the frames are collected from them.
    pub fn drop_rows(&mut self) {
        self.rows = Vec::new();
        self.batches = Vec::new();
    }

    /// What the cells of the invoice at `row` leave open, minor units.
    pub fn open_of(&self, row: usize) -> i64 {
        let row = &self.rows[row];
        let applied = self.reductions_of(row).iter().filter(|reduction| !reduction.unapplied);
        // Applied reductions never exceed the face.
        row.face - applied.map(|reduction| reduction.amount).sum::<i64>()
    }

    /// The file at this index.
    pub fn name_of(&self, file: u16) -> &str {
        &self.names[usize::from(file)]
    }

    /// The number of the invoice on `row`.
    pub fn number_of(&self, row: &Row) -> &str {
        let start = row.text as usize;
        &self.batches[row.batch as usize].texts[start..start + row.number_len as usize]
    }

    /// The purchase order on `row`; empty when it names none.
    pub fn po_number_of(&self, row: &Row) -> &str {
        let start = (row.text + row.number_len) as usize;
        &self.batches[row.batch as usize].texts[start..start + row.po_number_len as usize]
    }

    /// Canonical order within a debtor; the source position comes last and only tells equal rows
    /// apart.
    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        (a.issue.cmp(&b.issue))
            .then_with(|| self.number_of(a).cmp(self.number_of(b)))
            .then_with(|| self.content(a).cmp(&self.content(b)))
            .then_with(|| (a.file, a.line).cmp(&(b.file, b.line)))
    }

    /// Everything else in which two rows of one debtor, issue date and number may differ.
    fn content<'a>(&'a self, row: &Row) -> impl Ord + use<'a> {
        let dates = (row.due, row.disputed, row.disputed_on, row.issue_assumed, row.due_assumed);
        (
            row.face,
            row.currency,
            row.settles,
            dates,
            self.po_number_of(row),
            self.reductions_of(row),
        )
    }

    fn same_row(&self, a: &Row, b: &Row) -> bool {
        // Without a number two equal payments are two payments.
        a.number_len > 0
            && a.issue == b.issue
            && self.number_of(a) == self.number_of(b)
            && self.content(a) == self.content(b)
    }
}

/// Orders the rows, takes out repeated ones and builds the frames and the certificate.
pub(super) fn assemble(
    files: Vec<(Arc<str>, FileRead)>,
    options: &IngestOptions,
    master: &DebtorMaster,
) -> Result<Ledger, LedgerError> {
    let mut gathered = gather(files, master)?;
    sort_groups(&mut gathered);
    take_out_duplicate_rows(&mut gathered);
    gathered.rejects.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    let all_else = gathered.settlements.len() + gathered.counts.classes.customer as usize;
    if gathered.rows.iter().all(|row| row.face < 0) && all_else == 0 {
        return Err(no_usable_row(&gathered));
    }
    frames::build(gathered, options)
}

fn no_usable_row(gathered: &Gathered) -> LedgerError {
    let first = gathered.rejects.first().map_or(String::new(), Reject::as_example);
    LedgerError::NoUsableRow {
        files: gathered.names.join(", "),
        rows: gathered.counts.read - gathered.counts.classes.blank,
        rejects: gathered.rejects.len(),
        first,
    }
}

fn gather(
    mut files: Vec<(Arc<str>, FileRead)>,
    master: &DebtorMaster,
) -> Result<Gathered, LedgerError> {
    let customers: Vec<Customer> =
        files.iter_mut().flat_map(|(_, file)| std::mem::take(&mut file.customers)).collect();
    let tables = files.iter_mut().flat_map(|(_, file)| &mut file.shards);
    let tables = tables.map(|shard| std::mem::take(&mut shard.debtors)).collect();
    let Merged { debtors, codes, notes } = merge(tables, &customers, master);
    let mut all = Gathered {
        settlements: Vec::new(),
        notes: IntakeNotes { warnings: notes, ..IntakeNotes::default() },
        rows: Vec::new(),
        batches: Vec::new(),
        debtors,
        groups: Vec::new(),
        rejects: Vec::new(),
        rejected_amount: RejectedTotals::new(),
        counts: Counts::default(),
        files: Vec::with_capacity(files.len()),
        names: Vec::with_capacity(files.len()),
    };
    let mut batches = Vec::new();
    let mut codes = codes.into_iter();
    for (name, file) in files {
        let mut counts = Counts { not_utf8: file.not_utf8, ..Counts::default() };
        all.notes.add(file.notes);
        for shard in file.shards {
            let codes = codes.next().unwrap_or_default();
            for batch in shard.batches {
                batches.push(all.take_in(batch, &codes, &mut counts));
            }
        }
        all.counts.add(&counts);
        all.files.push(FileFooting {
            name: name.to_string(),
            sha256: file.sha256,
            bytes: file.bytes,
            layout: file.layout,
            layout_title: file.layout_title,
            holds_documents: file.is_ledger,
            rows: counts.read,
            recognised_columns: file.recognised,
            ignored_columns: file.ignored,
            rows_read_as_windows_1252: counts.not_utf8,
        });
        all.names.push(name);
    }
    let total: usize = batches.iter().map(|(rows, _)| rows.len()).sum();
    if total >= u32::MAX as usize {
        return Err(LedgerError::TooManyRows { rows: total as u64 });
    }
    all.group_by_debtor(&batches, total);
    Ok(all)
}

impl Gathered {
    /// Keeps what the rows of a batch refer to, and returns the rows with their canonical debtor
    /// codes.
    fn take_in(&mut self, batch: Batch, codes: &[u32], counts: &mut Counts) -> BatchRows {
        self.batches.push(RowData { texts: batch.texts, reductions: batch.reductions });
        self.rejects.extend(batch.rejects);
        for (currency, minor) in batch.rejected_amount {
            *self.rejected_amount.entry(currency).or_default() += minor;
        }
        counts.add(&batch.counts);
        self.settlements.extend(batch.settlements.into_iter().map(|mut settlement| {
            settlement.debtor = codes[settlement.debtor as usize];
            settlement
        }));
        let mut debtors = batch.debtors;
        debtors.iter_mut().for_each(|debtor| *debtor = codes[*debtor as usize]);
        (batch.rows, debtors)
    }

    /// Brings the rows of each debtor together: a counting sort of their places, then one move of
    /// each row.
    fn group_by_debtor(&mut self, batches: &[BatchRows], total: usize) {
        let mut next = vec![0_usize; self.debtors.len() + 1];
        for &debtor in batches.iter().flat_map(|(_, debtors)| debtors) {
            next[debtor as usize + 1] += 1;
        }
        for debtor in 1..next.len() {
            next[debtor] += next[debtor - 1];
        }
        self.groups = next.windows(2).map(|ends| ends[0]..ends[1]).collect();
        let mut places = vec![(0_u32, 0_u32); total];
        for (batch, (_, debtors)) in batches.iter().enumerate() {
            for (row, &debtor) in debtors.iter().enumerate() {
                let at = &mut next[debtor as usize];
                places[*at] = (batch as u32, row as u32);
                *at += 1;
            }
        }
        let row = |&(batch, row): &(u32, u32)| {
            let (rows, debtors) = &batches[batch as usize];
            Row { batch, debtor: debtors[row as usize], ..rows[row as usize] }
        };
        self.rows = places.par_iter().map(row).collect();
    }
}

fn sort_groups(gathered: &mut Gathered) {
    let mut rows = std::mem::take(&mut gathered.rows);
    let mut rest = rows.as_mut_slice();
    let mut parts = Vec::with_capacity(gathered.groups.len());
    for group in &gathered.groups {
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(group.len());
        parts.push(part);
        rest = behind;
    }
    let all = &*gathered;
    parts.into_par_iter().for_each(|part| part.sort_unstable_by(|a, b| all.compare(a, b)));
    gathered.rows = rows;
}

/// Removes each row that repeats the one before it in every recognised cell; the earliest in the
/// files stays.
fn take_out_duplicate_rows(gathered: &mut Gathered) {
    let all = &*gathered;
    let rows = &all.rows;
    let repeats = |group: &Range<usize>| {
        let pairs = group.clone().skip(1).map(|at| (at - 1, at));
        pairs.filter(|&(a, b)| all.same_row(&rows[a], &rows[b])).collect::<Vec<_>>()
    };
    let repeated: Vec<(usize, usize)> = all.groups.par_iter().flat_map_iter(repeats).collect();
    if repeated.is_empty() {
        return;
    }
    let mut rejects = Vec::with_capacity(repeated.len());
    let mut gone = vec![false; rows.len()];
    let mut original = 0;
    for (before, at) in repeated {
        if !gone[before] {
            original = before;
        }
        gone[at] = true;
        rejects.push(all.duplicate(&rows[at], &rows[original]));
    }
    let removed = rows.iter().zip(&gone).filter(|(_, gone)| **gone);
    let amounts: Vec<_> = removed.map(|(row, _)| (row.currency, i128::from(row.face))).collect();
    for (currency, amount) in amounts {
        *gathered.rejected_amount.entry(currency).or_default() += amount;
    }
    gathered.rejects.extend(rejects);
    let mut removed = 0;
    for group in &mut gathered.groups {
        let start = group.start - removed;
        removed += gone[group.clone()].iter().filter(|gone| **gone).count();
        *group = start..group.end - removed;
    }
    let mut gone = gone.into_iter();
    gathered.rows.retain(|_| !gone.next().unwrap_or_default());
}

impl Gathered {
    fn duplicate(&self, row: &Row, original: &Row) -> Reject {
        let name = |row: &Row| Arc::clone(&self.names[usize::from(row.file)]);
        Reject {
            file: name(row),
            line: u64::from(row.line),
            column: "invoice_number".to_owned(),
            value: self.number_of(row).to_owned(),
            code: RejectCode::DuplicateRow,
            message: format!("repeats {} line {}", name(original), original.line),
        }
    }

    /// Makes a settlement that repeats another a reject.
    pub fn reject_repeated(&mut self, settlement: &Loose, original: &Loose) {
        let name = |of: &Loose| Arc::clone(&self.names[usize::from(of.place.file)]);
        self.rejects.push(Reject {
            file: name(settlement),
            line: u64::from(settlement.place.line),
            column: "invoice_number".to_owned(),
            value: settlement.number.to_string(),
            code: RejectCode::DuplicateRow,
            message: format!("repeats {} line {}", name(original), original.place.line),
        });
        self.counts.classes.uncount(settlement.kind);
        let amount = i128::from(settlement.amount);
        *self.rejected_amount.entry(settlement.currency).or_default() -= amount;
    }

    /// Rows of invoices whose number another invoice of the same debtor bears, in order.
    pub fn duplicate_numbers(&self) -> Vec<usize> {
        let of_group = |group: &Range<usize>| {
            let invoices = group.clone().filter(|&at| self.rows[at].face > 0);
            let mut hashes: Vec<(u32, usize)> =
                invoices.map(|at| (self.rows[at].number_hash, at)).collect();
            hashes.sort_unstable();
            let same = hashes.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
            let mut repeated: Vec<usize> = same.flat_map(|same| self.same_number(same)).collect();
            repeated.sort_unstable();
            repeated
        };
        self.groups.par_iter().flat_map_iter(of_group).collect()
    }

    /// Of rows whose numbers have one hash, those whose number really occurs more than once.
    fn same_number(&self, same_hash: &[(u32, usize)]) -> Vec<usize> {
        let mut rows: Vec<usize> = same_hash.iter().map(|&(_, at)| at).collect();
        let number = |&at: &usize| self.number_of(&self.rows[at]);
        rows.sort_unstable_by(|a, b| number(a).cmp(number(b)));
        let same = rows.chunk_by(|a, b| number(a) == number(b)).filter(|same| same.len() > 1);
        same.flatten().copied().collect()
    }
}
