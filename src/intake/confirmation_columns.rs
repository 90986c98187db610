//! The columns of the file of confirmations.

use super::own_column::OwnColumn;

/// The columns, in the order of [`OwnRow::values`](super::OwnRow::values).
pub const CONFIRMATION_COLUMNS: [OwnColumn; 10] = [
    column("client", &["client_id", "client_name", "seller"], false),
    column("debtor", &["debtor_id", "debtor_name", "customer", "customer_id", "name"], true),
    column("invoice", &["invoice_number", "invoice_no", "invoice_id", "number"], true),
    column("amount", &["confirmed_amount", "amount_confirmed", "open", "balance"], false),
    column("outcome", &["answer", "result", "status"], true),
    column("by", &["person", "asked_by", "recorded_by"], true),
    column("at", &["date", "day", "time", "answered_at", "confirmed_at"], true),
    column("how", &["channel", "method", "by_means_of"], true),
    column("note", &["notes", "comment", "remarks"], false),
    column("document_sha256", &["sha256", "document", "evidence"], false),
];

const fn column(name: &'static str, others: &'static [&'static str], required: bool) -> OwnColumn {
    OwnColumn { name, others, required }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::field::bare;

    #[test]
    fn no_name_is_that_of_two_columns() {
        let names = CONFIRMATION_COLUMNS.iter();
        let names = names.flat_map(|own| [&[own.name], own.others].concat()).map(bare);
        let names: Vec<String> = names.collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
