//! Joins the rows that the threads read into one ledger in canonical order, and finds repeated rows
//! and numbers.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use intake::{
    Counts, Customer, DebtorMaster, FileRead, IngestOptions, IntakeNotes, Reject, RejectedTotals,
};

use super::certificate::FileFooting;
use super::debtor_merge::{Merged, merge};
use super::error::LedgerError;
use super::frames;
use super::gathered::Gathered;
use super::ledger::Ledger;

/// Orders the rows, removes repeated ones and builds the frames and the certificate.
///
/// # Errors
/// If no row is usable, if there are more rows than 32-bit row numbers hold, or if a total
/// overflows.
pub(super) fn assemble(
    files: Vec<(Arc<str>, FileRead)>,
    options: &IngestOptions,
    master: &DebtorMaster,
) -> Result<Ledger, LedgerError> {
    let mut gathered = gather(files, master)?;
    sort_groups(&mut gathered);
    take_out_duplicate_rows(&mut gathered);
    // Repeated rows became rejects last, out of the order of their files.
    gathered.rejects.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    // Payments or customers alone are read as well; only an evaluation needs invoices.
    let all_else = gathered.loose.len() + gathered.counts.classes.customer as usize;
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
    // Debtors before rows: rows are grouped by codes that only the merged table gives.
    let tables = files.iter_mut().flat_map(|(_, file)| &mut file.shards);
    let tables = tables.map(|shard| std::mem::take(&mut shard.debtors)).collect();
    let Merged { debtors, codes, notes } = merge(tables, &customers, master);
    let mut all = Gathered {
        loose: Vec::new(),
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
    // One table per shard, in the order of the files, as they were taken above.
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
    // The largest number itself stands for "no invoice" in the frame of reductions.
    if total >= u32::MAX as usize {
        return Err(LedgerError::TooManyRows { rows: total as u64 });
    }
    all.group_by_debtor(&batches, total);
    Ok(all)
}

fn sort_groups(gathered: &mut Gathered) {
    // By debtor, so that all cores can sort at once.
    let mut rows = std::mem::take(&mut gathered.rows);
    let mut rest = rows.as_mut_slice();
    let mut parts = Vec::with_capacity(gathered.groups.len());
    for group in &gathered.groups {
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(group.len());
        parts.push(part);
        rest = behind;
    }
    let all = &*gathered;
    // Unstable, because no two rows compare equal: their place in the files comes last.
    parts.into_par_iter().for_each(|part| part.sort_unstable_by(|a, b| all.compare(a, b)));
    gathered.rows = rows;
}

/// Removes each row that repeats the one before it in every recognised cell, and keeps the earliest
/// in the files.
fn take_out_duplicate_rows(gathered: &mut Gathered) {
    let all = &*gathered;
    let rows = &all.rows;
    let repeats = |group: &Range<usize>| {
        let pairs = group.clone().skip(1).map(|at| (at - 1, at));
        pairs.filter(|&(a, b)| all.same_row(&rows[a], &rows[b])).collect::<Vec<_>>()
    };
    // Rayon keeps the order of the groups, on which the search for the original below rests.
    let repeated: Vec<(usize, usize)> = all.groups.par_iter().flat_map_iter(repeats).collect();
    if repeated.is_empty() {
        return;
    }
    let mut rejects = Vec::with_capacity(repeated.len());
    let mut gone = vec![false; rows.len()];
    let mut original = 0;
    for (before, at) in repeated {
        // Of three equal rows, the third repeats the first and not the removed second.
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
