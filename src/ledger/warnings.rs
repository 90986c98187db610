use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use polars::prelude::PolarsResult;
use rayon::prelude::*;

use basics::{Currency, Money, day_number};
use intake::{Note, warning};

use super::as_of::AsOf;
use super::error::LedgerError;
use super::ledger::Ledger;

impl Ledger {
    /// All warnings about the ledger as of a date: those from reading the files, then those from
    /// the rows together.
    ///
    /// # Errors
    /// If a column is missing, which [`super::read()`] rules out.
    pub fn warnings(&self, as_of: &AsOf) -> Result<Vec<Note>, LedgerError> {
        let mut notes = self.certificate.warnings.clone();
        let counted = self
            .counted(as_of)
            .map_err(|source| LedgerError::Frame { file: "ledger frames".to_owned(), source })?;
        let assumed = &self.certificate.assumptions;
        let assumed = [
            (
                warning::DUPLICATE_NUMBER,
                assumed.duplicate_numbers,
                [
                    "invoice shares its number with another of the same debtor and is not bought",
                    "invoices share a number with another of the same debtor; none is bought",
                ],
            ),
            (
                warning::DUE_BEFORE_ISSUE,
                assumed.due_before_issue,
                ["invoice is due before it was issued", "invoices are due before they were issued"],
            ),
            (
                warning::VOIDED,
                self.certificate.rows.classified.void_or_draft,
                [
                    "row is a draft or void document and was left out",
                    "rows are draft or void documents and were left out",
                ],
            ),
        ];
        let counted = counted.into_iter().chain(assumed);
        for (code, count, [one, many]) in counted.filter(|(_, count, _)| *count > 0) {
            notes.push(Note::new(code, basics::counted(count, one, many)));
        }
        notes.extend(self.idle_credits(as_of)?);
        Ok(notes)
    }

    /// A note for each currency in which debtors that owe nothing have unapplied credits: a credit
    /// is set off against its debtor's invoices, and nothing else shows these.
    fn idle_credits(&self, as_of: &AsOf) -> Result<Vec<Note>, LedgerError> {
        // A file of payments alone has no invoices to be compared with.
        if self.invoices.height() == 0 {
            return Ok(Vec::new());
        }
        let columns = self.columns()?;
        let mut of: BTreeMap<Currency, (i128, BTreeSet<usize>)> = BTreeMap::new();
        for credit in columns.idle_credits(as_of) {
            let (sum, debtors) = of.entry(credit.currency).or_default();
            *sum += i128::from(credit.amount);
            debtors.insert(credit.debtor);
        }
        let note = |(currency, (sum, debtors)): (Currency, (i128, BTreeSet<usize>))| {
            let sum = Money::from_total(sum, currency)?.grouped();
            let first = debtors.first().map_or("", |&row| columns.debtor(row, as_of.day()).1);
            let debtors = basics::counted(
                debtors.len(),
                "debtor that has no open invoice",
                "debtors that have no open invoice",
            );
            let text = format!(
                "{sum} {currency} in unapplied credits of {debtors} (first: {first}); they reduce \
                 nothing that is bought, so check whose invoices they are for"
            );
            Ok(Note::new(warning::IDLE_CREDIT, text))
        };
        of.into_iter().map(note).collect()
    }

    /// Codes, each with the number of its invoices and what they are: one of them, and several.
    fn counted(&self, as_of: &AsOf) -> PolarsResult<Vec<(&'static str, u64, [&'static str; 2])>> {
        let issued = self.invoices.column("issue_date")?.date()?.physical().cont_slice()?;
        let day = day_number(as_of.date);
        let later = issued.iter().filter(|&&issue| issue > day).count() as u64;
        let assigned = self.invoices.column("already_assigned")?.bool()?;
        Ok(vec![
            (
                warning::FUTURE_DATED,
                later,
                [
                    "invoice is dated after the as-of date",
                    "invoices are dated after the as-of date",
                ],
            ),
            (
                warning::ALREADY_ASSIGNED,
                assigned.sum().map_or(0, u64::from),
                [
                    "invoice is payable to someone other than the client; it may already be \
                     assigned",
                    "invoices are payable to someone other than the client; they may already be \
                     assigned",
                ],
            ),
            (
                warning::SHARED_NUMBER,
                self.shared_numbers()?,
                [
                    "invoice number is used by several debtors, which is valid",
                    "invoice numbers are used by several debtors, which is valid",
                ],
            ),
        ])
    }

    /// Number of invoice numbers that several debtors of one client share. Hashes are compared
    /// first, so that only the few rows with a repeated one are sorted by text.
    fn shared_numbers(&self) -> PolarsResult<u64> {
        let clients = self.invoices.column("client")?.u32()?.cont_slice()?;
        let debtors = self.invoices.column("debtor")?.u32()?.cont_slice()?;
        let numbers = self.invoices.column("number")?.str()?;
        let number = |row: u32| numbers.get(row as usize).unwrap_or_default();
        let hasher = FixedState::with_seed(0);
        let hashes: Vec<u64> = (0..clients.len() as u32)
            .into_par_iter()
            .map(|row| hasher.hash_one((clients[row as usize], number(row))))
            .collect();
        let mut sorted = hashes.clone();
        sorted.par_sort_unstable();
        let repeated: HashSet<u64> =
            sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let rows = (0..).zip(&hashes).filter(|(_, hash)| repeated.contains(hash));
        let mut rows: Vec<u32> = rows.map(|(row, _)| row).collect();
        let key = |row: u32| (clients[row as usize], number(row), debtors[row as usize]);
        rows.sort_unstable_by_key(|&row| key(row));
        let same_number = |&a: &u32, &b: &u32| (key(a).0, key(a).1) == (key(b).0, key(b).1);
        let several = |rows: &&[u32]| {
            let debtor = |row: Option<&u32>| row.map(|&row| debtors[row as usize]);
            debtor(rows.first()) != debtor(rows.last())
        };
        Ok(rows.chunk_by(same_number).filter(several).count() as u64)
    }
}
