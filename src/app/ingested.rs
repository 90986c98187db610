use chrono::NaiveDate;

use ledger::{AsOf, AsOfReason, Converted, Ledger, Note, Standing};

/// A ledger, read and proved.
#[derive(Debug)]
pub struct Ingested {
    /// The frames, the rejects and the footing certificate.
    pub ledger: Ledger,
    /// The date as of which it stands.
    pub as_of: AsOf,
    /// What is odd and was read all the same.
    pub warnings: Vec<Note>,
    /// What is open.
    pub standing: Standing,
    /// The same in one currency, when the user gives rates.
    pub converted: Option<Converted>,
}

impl Ingested {
    /// The layout of the first file that holds documents.
    pub fn layout(&self) -> &str {
        let files = &self.ledger.certificate.files;
        let first = files.iter().find(|file| file.holds_documents).or(files.first());
        first.map_or("", |file| file.layout.as_str())
    }

    /// The as-of date; none when neither the user nor the files give any date.
    pub fn as_of_date(&self) -> Option<NaiveDate> {
        let dated = self.ledger.invoices.height() + self.ledger.reductions.height() > 0;
        let said = matches!(self.as_of.reason, AsOfReason::Given | AsOfReason::Stated);
        (dated || said).then_some(self.as_of.date)
    }

    /// What was assumed, with its evidence: notation and columns, then what rows did not say.
    pub fn assumptions(&self) -> Vec<Note> {
        let assumed = &self.ledger.certificate.assumptions;
        let mut notes = self.ledger.certificate.readings.clone();
        let days = assumed.terms_days;
        let currency = assumed.currency;
        let counted = [
            (
                "currency",
                assumed.currency_assumed,
                format!("rows name no currency: {currency} is assumed"),
            ),
            (
                "due_date",
                assumed.due_date_assumed,
                format!("rows have no due date: invoice date + {days} days is assumed"),
            ),
            (
                "invoice_date",
                assumed.invoice_date_assumed,
                format!("rows have no invoice date: due date - {days} days is assumed"),
            ),
            (
                "undated_settlements",
                assumed.undated_settlements,
                "settlements have no date: they explain a balance, and count in statistics only \
                 from the ledger's own date on"
                    .to_owned(),
            ),
            ("undated_disputes", assumed.undated_disputes, "disputes have no date".to_owned()),
        ];
        for (code, count, what) in counted {
            if count > 0 {
                notes.push(Note::new(code, format!("{count} {what}")));
            }
        }
        notes
    }
}
