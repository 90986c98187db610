use std::collections::HashMap;

use polars::prelude::PolarsResult;

use crate::basics::day_number;

use super::note::{Note, warning};
use super::{AsOf, Ledger, LedgerError};

impl Ledger {
    /// Everything odd about the ledger that was read all the same, as of a date: what the files
    /// showed, then what the rows show together.
    ///
    /// # Errors
    /// [`LedgerError::Frame`] when a column is missing, which [`super::read`] rules out.
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
                "invoices share their number with another of the same debtor; none is bought",
            ),
            (
                warning::DUE_BEFORE_ISSUE,
                assumed.due_before_issue,
                "invoices are due before they were issued",
            ),
            (
                warning::VOIDED,
                self.certificate.rows.classified.void_or_draft,
                "rows are of draft or void documents and were left out",
            ),
        ];
        let counted = counted.into_iter().chain(assumed);
        for (code, count, what) in counted.filter(|(_, count, _)| *count > 0) {
            notes.push(Note::new(code, format!("{count} {what}")));
        }
        Ok(notes)
    }

    /// Codes with how many invoices they are about, and what they are.
    fn counted(&self, as_of: &AsOf) -> PolarsResult<Vec<(&'static str, u64, &'static str)>> {
        let issued = self.invoices.column("issue_date")?.date()?.physical().cont_slice()?;
        let day = day_number(as_of.date);
        let later = issued.iter().filter(|&&issue| issue > day).count() as u64;
        let assigned = self.invoices.column("already_assigned")?.bool()?;
        Ok(vec![
            (warning::FUTURE_DATED, later, "invoices are dated after the as-of date"),
            (
                warning::ALREADY_ASSIGNED,
                assigned.sum().map_or(0, u64::from),
                "invoices are payable to another than the client: they may be assigned already",
            ),
            (
                warning::SHARED_NUMBER,
                self.shared_numbers()?,
                "numbers are borne by invoices of several debtors, which is valid",
            ),
        ])
    }

    /// How many numbers occur at more than one debtor of a client.
    fn shared_numbers(&self) -> PolarsResult<u64> {
        let clients = self.invoices.column("client")?.u32()?.cont_slice()?;
        let debtors = self.invoices.column("debtor")?.u32()?.cont_slice()?;
        let numbers = self.invoices.column("number")?.str()?;
        let mut seen: HashMap<(u32, &str), (u32, bool)> = HashMap::with_capacity(numbers.len());
        let mut shared = 0;
        for (number, (&client, &debtor)) in numbers.iter().zip(clients.iter().zip(debtors)) {
            let first = seen.entry((client, number.unwrap_or_default())).or_insert((debtor, false));
            if first.0 != debtor && !first.1 {
                first.1 = true;
                shared += 1;
            }
        }
        Ok(shared)
    }
}
