//! The rows that the threads read, gathered in one place.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use basics::Day;
use intake::{
    Batch, Counts, Debtor, IntakeNotes, Loose, Reduction, Reject, RejectCode, RejectedTotals, Row,
};

use super::certificate::FileFooting;

/// Every accepted row of every file.
pub(super) struct Gathered {
    pub rows: Vec<Row>,
    /// The texts and reductions of the rows, by number of the batch.
    pub batches: Vec<RowData>,
    pub debtors: Vec<Debtor>,
    /// The rows of each debtor.
    pub groups: Vec<Range<usize>>,
    /// Reductions in rows of their own.
    pub loose: Vec<Loose>,
    pub notes: IntakeNotes,
    pub rejects: Vec<Reject>,
    pub rejected_amount: RejectedTotals,
    pub counts: Counts,
    pub files: Vec<FileFooting>,
    pub names: Vec<Arc<str>>,
}

/// The rows of a batch and the debtor of each.
pub(super) type BatchRows = (Vec<Row>, Vec<u32>);

pub(super) struct RowData {
    texts: String,
    delivered: Vec<(u32, Day)>,
    reductions: Vec<Reduction>,
}

impl Gathered {
    /// The reductions that `row` states.
    pub fn reductions_of(&self, row: &Row) -> &[Reduction] {
        let start = row.reductions as usize;
        let count = usize::from(row.reduction_count);
        &self.batches[row.batch as usize].reductions[start..start + count]
    }

    /// The reductions that the row at `row` states, for changing.
    pub fn reductions_of_mut(&mut self, row: usize) -> &mut [Reduction] {
        let row = &self.rows[row];
        let start = row.reductions as usize;
        let count = usize::from(row.reduction_count);
        &mut self.batches[row.batch as usize].reductions[start..start + count]
    }

    /// Frees the reductions that the rows state, once the frame is built from them.
    pub fn drop_reductions(&mut self) {
        self.batches.iter_mut().for_each(|batch| batch.reductions = Vec::new());
    }

    /// Frees the rows and their texts, once the frames are collected from them.
    pub fn drop_rows(&mut self) {
        self.rows = Vec::new();
        self.batches = Vec::new();
    }

    /// The open balance of the invoice at `row` after the reductions that it states, in minor
    /// units.
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
        &self.batches[row.batch as usize].texts[start..start + usize::from(row.po_number_len)]
    }

    /// The job on `row`; empty when it names none.
    pub fn job_of(&self, row: &Row) -> &str {
        let start = (row.text + row.number_len) as usize + usize::from(row.po_number_len);
        &self.batches[row.batch as usize].texts[start..start + usize::from(row.job_len)]
    }

    /// The delivery date of the invoice on `row`.
    pub fn delivered_of(&self, row: &Row) -> Option<Day> {
        let known = &self.batches[row.batch as usize].delivered;
        let at = known.binary_search_by_key(&row.text, |&(text, _)| text).ok()?;
        (row.face > 0).then_some(known[at].1)
    }

    /// True if a row has a delivery date.
    pub fn has_deliveries(&self) -> bool {
        self.batches.iter().any(|batch| !batch.delivered.is_empty())
    }

    /// Compares two rows in canonical order within a debtor. The source position comes last and
    /// only distinguishes equal rows.
    pub fn compare(&self, a: &Row, b: &Row) -> Ordering {
        (a.issue.cmp(&b.issue))
            .then_with(|| self.number_of(a).cmp(self.number_of(b)))
            .then_with(|| self.content(a).cmp(&self.content(b)))
            .then_with(|| (a.file, a.line).cmp(&(b.file, b.line)))
    }

    /// The cells in which two rows of one debtor, issue date and number may still differ.
    fn content<'a>(&'a self, row: &Row) -> impl Ord + use<'a> {
        let dates = (row.due, row.disputed, row.disputed_on, row.issue_assumed, row.due_assumed);
        (
            row.face,
            row.currency,
            row.settles,
            dates,
            self.delivered_of(row),
            (self.po_number_of(row), self.job_of(row)),
            self.reductions_of(row),
        )
    }

    pub fn same_row(&self, a: &Row, b: &Row) -> bool {
        // Without a number, two equal payments are two payments and not one repeated.
        a.number_len > 0
            && a.issue == b.issue
            && self.number_of(a) == self.number_of(b)
            && self.content(a) == self.content(b)
    }
}

impl Gathered {
    /// Keeps the texts, reductions and rejects of a batch, and returns its rows with their
    /// canonical debtor codes.
    pub fn take_in(&mut self, batch: Batch, codes: &[u32], counts: &mut Counts) -> BatchRows {
        let Batch { texts, delivered, reductions, .. } = batch;
        self.batches.push(RowData { texts, delivered, reductions });
        self.rejects.extend(batch.rejects);
        for (currency, minor) in batch.rejected_amount {
            *self.rejected_amount.entry(currency).or_default() += minor;
        }
        counts.add(&batch.counts);
        self.loose.extend(batch.loose.into_iter().map(|mut reduction| {
            reduction.debtor = codes[reduction.debtor as usize];
            reduction
        }));
        let mut debtors = batch.debtors;
        debtors.iter_mut().for_each(|debtor| *debtor = codes[*debtor as usize]);
        (batch.rows, debtors)
    }

    /// Brings the rows of each debtor together: a counting sort of their places, then one move of
    /// each row, because sorting so many rows by debtor takes much longer.
    pub fn group_by_debtor(&mut self, batches: &[BatchRows], total: usize) {
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

impl Gathered {
    /// The reject that a repeated row becomes.
    pub fn duplicate(&self, row: &Row, original: &Row) -> Reject {
        let name = |row: &Row| Arc::clone(&self.names[usize::from(row.file)]);
        Reject {
            file: name(row),
            line: u64::from(row.line),
            column: "invoice_number".to_owned(),
            value: self.number_of(row).to_owned(),
            code: RejectCode::DuplicateRow,
            message: format!("repeats {}, line {}", name(original), original.line),
        }
    }

    /// Makes a reduction that repeats another a reject.
    pub fn reject_repeated(&mut self, reduction: &Loose, original: &Loose) {
        let name = |of: &Loose| Arc::clone(&self.names[usize::from(of.place.file)]);
        self.rejects.push(Reject {
            file: name(reduction),
            line: u64::from(reduction.place.line),
            column: "invoice_number".to_owned(),
            value: reduction.number.to_string(),
            code: RejectCode::DuplicateRow,
            message: format!("repeats {}, line {}", name(original), original.place.line),
        });
        // It was counted as a payment or credit when it was read.
        self.counts.classes.uncount(reduction.kind);
        let amount = i128::from(reduction.amount);
        // Negative, as it stands in the amount column whose total the certificate proves.
        *self.rejected_amount.entry(reduction.currency).or_default() -= amount;
    }

    /// Rows of invoices that share their number with another of the same debtor, in order.
    pub fn duplicate_numbers(&self) -> Vec<usize> {
        let of_group = |group: &Range<usize>| {
            let invoices = group.clone().filter(|&at| self.rows[at].face > 0);
            // The hash is in the row itself; the text is elsewhere in memory, and needed only if
            // hashes agree.
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

    /// The rows, out of several with the same hash of their numbers, whose number really repeats.
    fn same_number(&self, same_hash: &[(u32, usize)]) -> Vec<usize> {
        let mut rows: Vec<usize> = same_hash.iter().map(|&(_, at)| at).collect();
        let number = |&at: &usize| self.number_of(&self.rows[at]);
        rows.sort_unstable_by(|a, b| number(a).cmp(number(b)));
        let same = rows.chunk_by(|a, b| number(a) == number(b)).filter(|same| same.len() > 1);
        same.flatten().copied().collect()
    }
}
