use chrono::NaiveDate;

use ledger::{AsOf, AsOfReason, Converted, Ledger, Note, Standing};
use words::{Fact, Facts, say_with};

use super::wording::count;

/// A ledger, read and proved.
#[derive(Debug)]
pub struct Ingested {
    /// The frames, the rejects and the footing certificate.
    pub ledger: Ledger,
    /// The as-of date and its reason.
    pub as_of: AsOf,
    /// Oddities that were read all the same.
    pub warnings: Vec<Note>,
    /// The open balances.
    pub standing: Standing,
    /// The open balances in one currency, if the user gives rates.
    pub converted: Option<Converted>,
}

impl Ingested {
    /// The layout of the first file that contains documents.
    pub fn layout(&self) -> &str {
        let files = &self.ledger.certificate.files;
        let first = files.iter().find(|file| file.holds_documents).or(files.first());
        first.map_or("", |file| file.layout.as_str())
    }

    /// The as-of date; `None` when neither the user nor the files give a date.
    pub fn as_of_date(&self) -> Option<NaiveDate> {
        // Without rows the ledger's own date is merely the first day of the calendar.
        let dated = self.ledger.invoices.height() + self.ledger.reductions.height() > 0;
        let said = matches!(self.as_of.reason, AsOfReason::Given | AsOfReason::Stated);
        (dated || said).then_some(self.as_of.date)
    }

    /// The assumptions with their evidence: notation and columns, then values missing in rows.
    pub fn assumptions(&self) -> Vec<Note> {
        let assumed = &self.ledger.certificate.assumptions;
        let mut notes = self.ledger.certificate.readings.clone();
        let days = Facts::new().with("days", Fact::Count(assumed.terms_days.into()));
        let currency = Facts::new().with("currency", assumed.currency);
        let (settlements, disputes) = (assumed.undated_settlements, assumed.undated_disputes);
        let (deliveries, none) = (assumed.unknown_deliveries, Facts::new);
        let counted = [
            ("currency", assumed.currency_assumed, "assumption.currency", currency),
            ("due_date", assumed.due_date_assumed, "assumption.due_date", days.clone()),
            ("invoice_date", assumed.invoice_date_assumed, "assumption.invoice_date", days),
            ("undated_settlements", settlements, "assumption.undated_settlements", none()),
            ("undated_disputes", disputes, "assumption.undated_disputes", none()),
            ("unknown_deliveries", deliveries, "assumption.unknown_deliveries", none()),
        ];
        for (code, rows, name, facts) in counted {
            if rows > 0 {
                let facts = facts.with("rows", count(rows));
                notes.push(Note::new(code, say_with(name, &facts)));
            }
        }
        notes
    }
}
