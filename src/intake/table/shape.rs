use std::collections::HashSet;

use sheet::SheetRow;

use super::super::field::{Field, bare};
use super::super::layout::TableKind;
use super::bucket::is_bucket;
use super::{Notation, Table};

/// Appearance of a row on its own, before its neighbours are considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Blank,
    /// A repeated header or title.
    Title,
    /// Lines drawn with characters.
    Ruler,
    /// One text, or texts without any amount or date, which may name a group.
    Label,
    /// Amounts without a date or number, which may be a sum.
    Sum,
    /// Line cells without the key cells of a document.
    Line,
    Document,
}

/// Words at the start or end of the label of a sum.
const SUM_WORDS: [&str; 22] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "sub-total",
    "grand",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "sous-total",
    "général",
    "suma",
    "subtotaal",
    "totaal",
    "eindtotaal",
    "totale",
    "subtotale",
    "complessivo",
    "überfällig",
    "totaux",
];

/// Words that join a sum's word to a name: `Total for Acme`, `Summe der ...`.
const JOINING: [&str; 10] = ["for", "of", "-", ":", "–", "für", "pour", "para", "voor", "per"];

/// The name in the label of a sum: `Total for Acme` gives `Acme`, `TOTAL` an empty text; `None` if
/// the label does not begin or end with a word for sums.
pub fn summed(label: &str) -> Option<&str> {
    let is_sum = |word: &str| {
        let word = word.trim_end_matches([':', '.']).to_lowercase();
        SUM_WORDS.contains(&word.as_str())
    };
    let mut rest = label.trim();
    let mut found = false;
    while let Some(word) = rest.split_whitespace().next().filter(|word| is_sum(word)) {
        rest = rest[word.len()..].trim_start();
        found = true;
    }
    if !found {
        let last = rest.split_whitespace().last().filter(|word| is_sum(word))?;
        rest = rest[..rest.len() - last.len()].trim_end();
    }
    while let Some(word) = rest.split_whitespace().next() {
        if !JOINING.contains(&word.to_lowercase().as_str()) {
            break;
        }
        rest = rest[word.len()..].trim_start();
    }
    Some(rest.trim_end_matches([':', '-']).trim_end())
}

/// True if a cell of a column of dates may be a damaged date: it has a digit, and is not the label
/// of a sum such as `Total for 91 or more days past due`.
fn is_faulty_date(text: &str) -> bool {
    let is_label = summed(text).is_some() || is_bucket(text) && text.contains(char::is_alphabetic);
    text.bytes().any(|byte| byte.is_ascii_digit()) && !is_label
}

/// The label of a row: its first text that has a letter and is not an amount.
pub fn label<'a>(row: SheetRow<'a>, notation: &Notation) -> &'a str {
    let mut cells = row.cells();
    let is_name = |(column, text): (usize, &str)| {
        let has_letter = text.chars().any(char::is_alphabetic);
        has_letter && notation.number(row, column).is_none()
    };
    cells.find(|&(column, _, text)| is_name((column, text))).map_or("", |(.., text)| text)
}

impl Table<'_> {
    /// The shape of the row at `index`.
    pub fn shape(&self, index: usize, notation: &Notation) -> Shape {
        let row = self.sheet.row(index);
        if row.is_empty() {
            return Shape::Blank;
        }
        if self.repeats_header(row) {
            return Shape::Title;
        }
        if self.is_ruler(index) {
            return Shape::Ruler;
        }
        if self.layout.table == TableKind::Customers {
            return Shape::Document;
        }
        let text = |field| self.columns.position(field).map_or("", |at| row.text(at));
        let number = text(Field::InvoiceNumber);
        let amounts = self.amount_columns().iter().any(|&at| notation.number(row, at).is_some());
        let dated = self.date_columns().iter().any(|&at| match notation.date(row, at) {
            // A date on its own is the time of printing.
            Ok(day) => day.is_some() && row.len() > 1,
            // A cell that should be a date but is not is a fault of a document, unless it is the
            // only cell of the row, or its words are those of a sum or a bucket: then it is a label
            // that stands in the first column, whatever that column holds.
            Err(_) => row.len() > 1 && is_faulty_date(row.text(at)),
        });
        // `Total` may stand in the column of numbers.
        let numbered = !number.is_empty() && summed(number).is_none();
        let typed =
            !text(Field::DocumentType).is_empty() && summed(text(Field::DocumentType)).is_none();
        let has_debtors = self.columns.has(Field::DebtorId) || self.columns.has(Field::DebtorName);
        // If documents have no debtor column, a name with amounts may be a debtor with its total.
        let numbered = numbered && (has_debtors || dated || self.date_columns().is_empty());
        let key = numbered || dated || typed;
        let named = [Field::DebtorId, Field::DebtorName].into_iter().any(|f| !text(f).is_empty());
        match (amounts, key) {
            // Even if no amount can be read: the row is then a reject and not a label.
            (_, true) if dated || typed => Shape::Document,
            (true, true) => Shape::Document,
            (true, false) if !named && self.is_by_line() && self.has_line_cells(row) => Shape::Line,
            (true, false) => Shape::Sum,
            (false, _) => self.shape_without_amount(row, numbered),
        }
    }

    /// The shape of a row without an amount: it names a group if it has little else, and otherwise
    /// is a document with an unreadable amount.
    fn shape_without_amount(&self, row: SheetRow<'_>, numbered: bool) -> Shape {
        let texts: Vec<&str> = self.amount_columns().iter().map(|&at| row.text(at)).collect();
        let has_amount_cell = texts.iter().any(|text| !text.is_empty());
        // Ageing reports print percentages below their sums.
        if has_amount_cell && texts.iter().all(|text| text.is_empty() || text.ends_with('%')) {
            return Shape::Label;
        }
        match row.len() {
            1 => Shape::Label,
            _ if self.is_by_line() && !numbered && !has_amount_cell => Shape::Line,
            _ if numbered || has_amount_cell => Shape::Document,
            _ => Shape::Label,
        }
    }

    /// True if the row is only a line drawn with characters.
    pub fn is_ruler(&self, index: usize) -> bool {
        // A single dash is an amount of nil.
        let drawn = |text: &str| text.len() > 1 && text.chars().all(|c| "-=_+*|~ ".contains(c));
        self.sheet.row(index).cells().all(|(.., text)| drawn(text))
    }

    /// True if the row repeats the header or one of the rows above it.
    pub fn repeats_header(&self, row: SheetRow<'_>) -> bool {
        let first = self.sheet.row(self.header);
        let same = |other: SheetRow<'_>| {
            row.len() == other.len()
                && row.cells().zip(other.cells()).all(|(a, b)| (a.0, a.2) == (b.0, b.2))
        };
        same(first) || (row.len() > 1 && self.head.iter().any(|&at| same(self.sheet.row(at))))
    }

    /// True if several rows may be one document.
    pub fn is_by_line(&self) -> bool {
        self.layout.table == TableKind::Lines || self.columns.has(Field::LineAmount)
    }

    /// True if the row has the cells of a line item: several beside its amounts, or one in a column
    /// that holds no field of a document.
    fn has_line_cells(&self, row: SheetRow<'_>) -> bool {
        let amounts = self.amount_columns();
        let others = row.cells().filter(|(column, ..)| !amounts.contains(column));
        let (count, of_line) = others.fold((0, false), |(count, of_line), (column, ..)| {
            (count + 1, of_line || !self.columns.is_taken(column))
        });
        (count > 1 || of_line) && row.cells().all(|(.., text)| summed(text).is_none())
    }

    /// The titles above the header, without case and punctuation.
    pub fn bare_titles(&self) -> HashSet<String> {
        let above = self.head.iter().filter(|&&at| at < self.header);
        let rows = above.map(|&at| self.sheet.row(at));
        rows.flat_map(|row| row.cells().map(|(.., text)| bare(text)).collect::<Vec<_>>()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_in_a_column_of_dates_is_no_damaged_date() {
        for date in ["31/02/2026", "2026-13-01", "12.5", "3 Foo 2026", "20260230"] {
            assert!(is_faulty_date(date), "{date}");
        }
        for label in [
            "Total for 91 or more days past due",
            "Total 30 Rock Ltd",
            "Summe 31-60 Tage",
            "1 - 30 days past due",
            "Current",
        ] {
            assert!(!is_faulty_date(label), "{label}");
        }
    }

    #[test]
    fn the_label_of_a_sum_gives_the_name_that_it_sums() {
        for (label, name) in [
            ("Total", Some("")),
            ("TOTAL:", Some("")),
            ("Total for Acme Ltd", Some("Acme Ltd")),
            ("Total - C117 Debtor A, LLC", Some("C117 Debtor A, LLC")),
            ("Acme Ltd Total", Some("Acme Ltd")),
            ("Total for Total Energies", Some("Total Energies")),
            ("Grand Total", Some("")),
            ("Summe Kunde Nord GmbH", Some("Kunde Nord GmbH")),
            ("Sous-total", Some("")),
            ("Acme Ltd", None),
            ("Totally Fine Foods", None),
            ("", None),
        ] {
            assert_eq!(summed(label), name, "{label}");
        }
    }
}
