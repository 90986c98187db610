use std::fmt::Write as _;

use super::super::field::{Field, field_named};

/// The fields that a mapping needs or usually has.
const OFFERED: [Field; 9] = [
    Field::InvoiceNumber,
    Field::DebtorId,
    Field::DebtorName,
    Field::InvoiceDate,
    Field::DueDate,
    Field::Currency,
    Field::Amount,
    Field::OpenBalance,
    Field::DocumentType,
];

/// A mapping file to start from, for a header that no layout fits.
pub fn starter(header: &[String]) -> String {
    let mut text = String::from(
        "# After each field, put the header of its column; delete the lines you do not need.\n\
         # Then run: factorage ingest FILE --mapping mapping.toml\n\
         # table = \"invoices\"  # or open_items, lines, payments, entries, customers\n\n\
         [columns]\n",
    );
    for field in OFFERED {
        let named = header.iter().find(|cell| field_named(cell).is_some_and(|(of, _)| of == field));
        let line = match named {
            Some(cell) => format!("{} = {}\n", field.name(), quoted(cell)),
            None => format!("# {} = \"?\"\n", field.name()),
        };
        text.push_str(&line);
    }
    text.push_str("\n# The columns in your file:\n");
    for cell in header.iter().filter(|cell| !cell.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "#   {}", quoted(cell));
    }
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_is_a_mapping_as_soon_as_one_column_is_known() {
        let header = ["Doc.", "Cust\"omer", "Invoice Date", "Figure"].map(str::to_owned);
        let text = starter(&header);
        assert!(text.contains("invoice_date = \"Invoice Date\""), "{text}");
        assert!(text.contains("# amount = \"?\""), "{text}");
        assert!(text.parse::<super::super::Layout>().is_ok(), "{text}");
    }
}
