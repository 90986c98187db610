//! The columns of a file as its certificate and its errors show them.

use super::error::IntakeError;
use super::field::{Columns, Field};
use super::shown::shown;

impl Columns {
    /// The header cells that were recognised, in the order of the fields, as `header = field` where
    /// the two differ.
    pub fn recognised_headers(&self) -> Vec<String> {
        let taken = Field::all().filter_map(|field| {
            let (header, name) = (&self.header()[self.position(field)?], field.name());
            Some(if header == name {
                header.clone()
            } else {
                format!("{} = {name}", shown(header))
            })
        });
        let buckets =
            self.buckets().iter().map(|&at| format!("{} = bucket", shown(&self.header()[at])));
        taken.chain(buckets).collect()
    }

    /// Header cells that name no field, in file order.
    pub fn ignored(&self) -> Vec<String> {
        let named = self.header().iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        named.filter(|(index, _)| !self.is_taken(*index)).map(|(_, cell)| shown(cell)).collect()
    }

    /// Fails with [`IntakeError::MissingColumns`] if a field that an invoice needs has no column.
    pub(super) fn demand_required(&self, file: &str) -> Result<(), IntakeError> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let found: Vec<_> = self.header().iter().take(12).map(|cell| shown(cell)).collect();
        Err(IntakeError::MissingColumns {
            file: file.to_owned(),
            missing: missing.join(", "),
            found: found.join(", "),
        })
    }

    /// The fields that an invoice needs and this header does not name.
    pub fn missing_in(file: &str, header: &[String]) -> String {
        let columns = Self::named(file, header).unwrap_or_else(|_| Self::unnamed(header));
        columns.missing().join(", ")
    }

    /// The fields that an invoice needs and no column holds.
    fn missing(&self) -> Vec<&'static str> {
        use Field as F;
        let needed = [
            (self.has(F::InvoiceNumber), "invoice_number"),
            (self.has(F::DebtorId) || self.has(F::DebtorName), "debtor_id or debtor_name"),
            (self.has(F::InvoiceDate) || self.has(F::DueDate), "invoice_date or due_date"),
            (self.has(F::Amount) || self.has(F::OpenBalance), "amount"),
        ];
        needed.into_iter().filter(|(there, _)| !there).map(|(_, name)| name).collect()
    }
}
