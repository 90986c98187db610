//! Habits of a table as a whole, by which its rows are classified.

use std::collections::HashMap;

use super::super::field::{Field, bare};
use super::shape::{Shape, label, summed};
use super::{Notation, Table};

/// True if the table omits a debtor that is the same as in the row above, as pivot tables and
/// merged cells do: the first document names one, and a third of the documents or more do not.
pub fn suppresses_debtors(table: &Table<'_>, shapes: &[Shape]) -> bool {
    let documents: Vec<usize> = table
        .body_rows()
        .zip(shapes)
        .filter(|(_, shape)| **shape == Shape::Document)
        .map(|(at, _)| at)
        .collect();
    let nameless = documents.iter().filter(|&&at| !table.names_debtor(at)).count();
    let first = documents.first().is_some_and(|&at| table.names_debtor(at));
    first && 3 * nameless >= documents.len() && nameless > 1
}

/// The names in the labels of sums, in other words of the groups that end with a sum, each with its
/// last row.
pub fn sum_names(
    table: &Table<'_>,
    shapes: &[Shape],
    notation: &Notation,
) -> HashMap<String, usize> {
    let sums = table.body_rows().zip(shapes).filter(|(_, shape)| **shape == Shape::Sum);
    let names =
        sums.filter_map(|(at, _)| Some((summed(label(table.sheet.row(at), notation))?, at)));
    names.filter(|(name, _)| !name.is_empty()).map(|(name, at)| (bare(name), at)).collect()
}

/// True if documents take their debtor from a row above them.
pub fn is_grouped(table: &Table<'_>, shapes: &[Shape]) -> bool {
    let debtor = [Field::DebtorName, Field::DebtorId].map(|field| table.columns.position(field));
    let mut labelled = false;
    for (index, shape) in (table.body..).zip(shapes) {
        let row = table.sheet.row(index);
        let nameless = debtor.iter().flatten().all(|&at| row.text(at).is_empty());
        match shape {
            Shape::Label | Shape::Sum => labelled = true,
            Shape::Document if labelled && nameless => return true,
            _ => {}
        }
    }
    false
}
