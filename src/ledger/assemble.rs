//! Joins what the threads read into one ledger in canonical order, and finds repeated rows and numbers.

use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap};
use polars::prelude::{NewChunkedArray, StringChunked};
use rayon::prelude::*;

use super::batch::{Counts, RejectedTotals, Row};
use super::debtor_table::Debtor;
use super::footing::FileFooting;
use super::row::Reduction;
use super::{FileRead, IngestOptions, Ledger, LedgerError, Reject, RejectCode, Shard, frames};

/// Every accepted row of every file, not yet in order.
pub(super) struct Gathered {
    pub rows: Vec<Row>,
    pub numbers: StringChunked,
    pub po_numbers: StringChunked,
    pub reductions: Vec<Reduction>,
    /// Unapplied cash: (text position of its row, amount, date).
    pub overpaid: Vec<(u32, i64, super::MaybeDay)>,
    pub debtors: Vec<Debtor>,
    pub rejects: Vec<Reject>,
    pub rejected_amount: RejectedTotals,
    pub counts: Counts,
    pub files: Vec<FileFooting>,
    pub names: Vec<Arc<str>>,
}

impl Gathered {
    /// The reductions that `row` states.
    pub fn reductions_of(&self, row: &Row) -> &[Reduction] {
        let start = row.reductions as usize;
        &self.reductions[start..start + usize::from(row.reduction_count)]
    }

    /// The number of the invoice on `row`.
    pub fn number_of(&self, row: &Row) -> &str {
        self.numbers.downcast_as_array().value(row.text as usize)
    }

    fn po_number_of(&self, row: &Row) -> Option<&str> {
        self.po_numbers.get(row.text as usize)
    }

    /// Canonical order within a debtor; the source position comes last and only tells equal rows apart.
    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        (a.issue.cmp(&b.issue))
            .then_with(|| self.number_of(a).cmp(self.number_of(b)))
            .then_with(|| a.face.cmp(&b.face))
            .then_with(|| self.content(a).cmp(&self.content(b)))
            .then_with(|| self.reductions_of(a).cmp(self.reductions_of(b)))
            .then_with(|| (a.file, a.line).cmp(&(b.file, b.line)))
    }

    /// What else two rows of one debtor, date, number and amount may differ in.
    fn content(&self, row: &Row) -> impl Ord {
        let po_number = self.po_number_of(row).map(str::to_owned);
        (row.currency, row.due, row.disputed, row.disputed_on, po_number)
    }

    fn same_row(&self, a: &Row, b: &Row) -> bool {
        a.issue == b.issue
            && a.face == b.face
            && self.number_of(a) == self.number_of(b)
            && self.content(a).cmp(&self.content(b)) == Ordering::Equal
            && self.reductions_of(a) == self.reductions_of(b)
    }
}

/// Orders the rows, takes out repeated ones and builds the frames and the certificate.
pub(super) fn assemble(
    files: Vec<(Arc<str>, FileRead)>,
    options: &IngestOptions,
) -> Result<Ledger, LedgerError> {
    let mut gathered = gather(files)?;
    let groups = sort_by_debtor(&mut gathered);
    sort_groups(&mut gathered, &groups);
    let duplicates = take_out_duplicate_rows(&mut gathered);
    gathered.rejects.extend(duplicates);
    gathered.rejects.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    if gathered.rows.iter().all(|row| row.face < 0) {
        return Err(no_usable_row(&gathered));
    }
    let duplicate_numbers = duplicate_numbers(&gathered);
    frames::build(gathered, &duplicate_numbers, options)
}

fn no_usable_row(gathered: &Gathered) -> LedgerError {
    let first = gathered.rejects.first().map_or(String::new(), |reject| {
        format!("; line {}: {} {}", reject.line, reject.message, shown_cell(reject))
    });
    LedgerError::NoUsableRow {
        files: gathered.names.join(", "),
        rows: gathered.counts.read - gathered.counts.blank,
        rejects: gathered.rejects.len(),
        first: first.trim_end().to_owned(),
    }
}

fn shown_cell(reject: &Reject) -> String {
    if reject.value.is_empty() {
        return String::new();
    }
    format!("(found '{}')", reject.value)
}

fn gather(files: Vec<(Arc<str>, FileRead)>) -> Result<Gathered, LedgerError> {
    let (debtors, codes) = merge_debtors(&files);
    let mut codes = codes.into_iter();
    let total: usize = files.iter().map(|(_, f)| f.rows()).sum();
    if total >= u32::MAX as usize {
        return Err(LedgerError::TooManyRows { rows: total as u64 });
    }
    let empty = || StringChunked::from_slice(polars::prelude::PlSmallStr::EMPTY, &[] as &[&str]);
    let mut all = Gathered {
        rows: Vec::with_capacity(total),
        numbers: empty(),
        po_numbers: empty(),
        reductions: Vec::with_capacity(total),
        overpaid: Vec::new(),
        debtors,
        rejects: Vec::new(),
        rejected_amount: RejectedTotals::new(),
        counts: Counts::default(),
        files: Vec::with_capacity(files.len()),
        names: Vec::with_capacity(files.len()),
    };
    for (name, file) in files {
        let mut counts = Counts::default();
        let ignored_columns = file.columns.ignored();
        let header: Vec<_> = file.columns.recognised_headers();
        for shard in file.shards {
            let codes = codes.next().unwrap_or_default();
            all.take_in(shard, &codes, &mut counts)?;
        }
        all.counts.add(&counts);
        all.files.push(FileFooting {
            name: name.to_string(),
            sha256: file.sha256,
            bytes: file.bytes,
            rows: counts.read,
            recognised_columns: header,
            ignored_columns,
            rows_read_as_windows_1252: counts.not_utf8,
        });
        all.names.push(name);
    }
    all.numbers = all.numbers.rechunk().into_owned();
    all.po_numbers = all.po_numbers.rechunk().into_owned();
    Ok(all)
}

impl FileRead {
    fn rows(&self) -> usize {
        self.shards.iter().flat_map(|shard| &shard.batches).map(|batch| batch.rows.len()).sum()
    }
}

impl Gathered {
    fn take_in(
        &mut self,
        shard: Shard,
        codes: &[u32],
        counts: &mut Counts,
    ) -> Result<(), LedgerError> {
        let frame = |source| LedgerError::Frame { file: "invoice numbers".to_owned(), source };
        for batch in shard.batches {
            // Both lengths stay below the row limit checked in `gather`, three reductions a row at most.
            let text = self.rows.len() as u32;
            let reductions = u32::try_from(self.reductions.len())
                .map_err(|_| LedgerError::TooManyRows { rows: self.rows.len() as u64 })?;
            self.rows.extend(batch.rows.into_iter().map(|row| Row {
                debtor: codes[row.debtor as usize],
                text: row.text + text,
                reductions: row.reductions + reductions,
                ..row
            }));
            self.reductions.extend(batch.reductions);
            self.overpaid.extend(batch.overpaid.into_iter().map(|(row, a, d)| (row + text, a, d)));
            self.numbers.append_owned(batch.numbers.finish()).map_err(frame)?;
            self.po_numbers.append_owned(batch.po_numbers.finish()).map_err(frame)?;
            self.rejects.extend(batch.rejects);
            for (currency, minor) in batch.rejected_amount {
                *self.rejected_amount.entry(currency).or_default() += minor;
            }
            counts.add(&batch.counts);
        }
        Ok(())
    }
}

/// One table of all debtors in the order (client, id), and for every shard the new code of each old one.
fn merge_debtors(files: &[(Arc<str>, FileRead)]) -> (Vec<Debtor>, Vec<Vec<u32>>) {
    let shards = || files.iter().flat_map(|(_, file)| &file.shards);
    let mut place: HashMap<(&str, &str), usize> = HashMap::new();
    let mut merged: Vec<Debtor> = Vec::new();
    for debtor in shards().flat_map(|shard| &shard.debtors) {
        let next = merged.len();
        match *place.entry((&debtor.client, &debtor.id)).or_insert(next) {
            at if at == next => merged.push(debtor.clone()),
            at => merged[at].merge(debtor),
        }
    }
    let mut order: Vec<usize> = (0..merged.len()).collect();
    order.sort_unstable_by_key(|&at| (&*merged[at].client, &*merged[at].id));
    let mut rank = vec![0_u32; merged.len()];
    for (new, &old) in order.iter().enumerate() {
        rank[old] = new as u32;
    }
    let code = |debtor: &Debtor| rank[place[&(&*debtor.client, &*debtor.id)]];
    let codes = shards().map(|shard| shard.debtors.iter().map(code).collect()).collect();
    (order.into_iter().map(|at| merged[at].clone()).collect(), codes)
}

/// Brings the rows of each debtor together (a counting sort) and returns each debtor's range.
fn sort_by_debtor(gathered: &mut Gathered) -> Vec<Range<usize>> {
    let mut next = vec![0_usize; gathered.debtors.len() + 1];
    for row in &gathered.rows {
        next[row.debtor as usize + 1] += 1;
    }
    for debtor in 1..next.len() {
        next[debtor] += next[debtor - 1];
    }
    let groups = next.windows(2).map(|ends| ends[0]..ends[1]).collect();
    if let Some(&first) = gathered.rows.first() {
        let mut sorted = vec![first; gathered.rows.len()];
        for row in &gathered.rows {
            let at = &mut next[row.debtor as usize];
            sorted[*at] = *row;
            *at += 1;
        }
        gathered.rows = sorted;
    }
    groups
}

fn sort_groups(gathered: &mut Gathered, groups: &[Range<usize>]) {
    let mut rows = std::mem::take(&mut gathered.rows);
    let mut rest = rows.as_mut_slice();
    let mut parts = Vec::with_capacity(groups.len());
    for group in groups {
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(group.len());
        parts.push(part);
        rest = behind;
    }
    let gathered_ref = &*gathered;
    parts.into_par_iter().for_each(|part| {
        part.sort_unstable_by(|a, b| gathered_ref.compare(a, b));
    });
    gathered.rows = rows;
}

/// Removes each row that repeats the one before it in every recognised cell; the earliest in the files stays.
fn take_out_duplicate_rows(gathered: &mut Gathered) -> Vec<Reject> {
    let mut rows = std::mem::take(&mut gathered.rows);
    let mut rejects = Vec::new();
    let mut last: Option<Row> = None;
    rows.retain(|row| {
        let original = last.filter(|l| l.debtor == row.debtor && gathered.same_row(l, row));
        let Some(original) = original else {
            last = Some(*row);
            return true;
        };
        *gathered.rejected_amount.entry(row.currency).or_default() += i128::from(row.face);
        let name = |row: &Row| Arc::clone(&gathered.names[usize::from(row.file)]);
        rejects.push(Reject {
            file: name(row),
            line: u64::from(row.line),
            column: "invoice_number".to_owned(),
            value: gathered.number_of(row).to_owned(),
            code: RejectCode::DuplicateRow,
            message: format!("repeats {} line {}", name(&original), original.line),
        });
        false
    });
    gathered.rows = rows;
    rejects
}

/// For every row, whether another invoice of the same debtor has its number.
fn duplicate_numbers(gathered: &Gathered) -> Vec<bool> {
    let mut repeated = vec![false; gathered.rows.len()];
    let hasher = DefaultHashBuilder::default();
    let mut start = 0;
    let mut hashes: Vec<(u64, usize)> = Vec::new();
    for group in gathered.rows.chunk_by(|a, b| a.debtor == b.debtor) {
        let range = start..start + group.len();
        start = range.end;
        hashes.clear();
        let invoices = range.filter(|&at| gathered.rows[at].face > 0);
        hashes.extend(
            invoices.map(|at| (hasher.hash_one(gathered.number_of(&gathered.rows[at])), at)),
        );
        hashes.sort_unstable();
        for same in hashes.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            for &(_, at) in same {
                let number = gathered.number_of(&gathered.rows[at]);
                let equal = |other: usize| gathered.number_of(&gathered.rows[other]) == number;
                repeated[at] = same.iter().any(|&(_, other)| other != at && equal(other));
            }
        }
    }
    repeated
}
