//! How the files were read: the sums that they state of themselves, the notation that was found and
//! what is odd about them.

use maud::{Markup, html};

use basics::grouped;
use ledger::{Check, FootingCertificate, Note};

use super::figures::{SENTENCE, count, name, shortened};
use super::rows::MOST_ROWS;
use super::table::{Table, left_out, number, row, text};

/// The files' own sums, what was found out about them, and warnings; nothing for a plain ledger.
pub(super) fn reading(certificate: &FootingCertificate) -> Markup {
    html! {
        @if !certificate.checks.is_empty() { (checks(&certificate.checks)) }
        @if !certificate.warnings.is_empty() {
            h4 { "Warnings" }
            (notes(&certificate.warnings))
        }
        @if !certificate.readings.is_empty() {
            h4 { "How the files were read" }
            (notes(&certificate.readings))
        }
    }
}

fn checks(checks: &[Check]) -> Markup {
    let failing: Vec<&Check> = checks.iter().filter(|check| !check.difference.is_zero()).collect();
    let columns = vec![
        text("File"),
        number("Line"),
        text("Sum"),
        text("Of"),
        text("Column"),
        number("File says"),
        number("Rows add up to"),
        number("Difference"),
    ];
    let row = |check: &&Check| {
        row![
            name(&check.file),
            count(check.row),
            check.what,
            name(&check.scope),
            name(&check.column),
            grouped(&check.expected.to_string()),
            grouped(&check.found.to_string()),
            grouped(&check.difference.to_string()),
        ]
    };
    let shown = failing.len().min(MOST_ROWS);
    let rows = failing[..shown].iter().map(row).collect();
    html! {
        h4 { "Sums that the files state of themselves" }
        @if failing.is_empty() {
            @if checks.len() == 1 {
                p { "It agrees with its rows." }
            } @else {
                p { "All " (count(checks.len() as u64)) " agree with their rows." }
            }
        } @else {
            p {
                (count(failing.len() as u64)) " of " (count(checks.len() as u64))
                (if failing.len() == 1 { " differs" } else { " differ" })
                " from their rows; what is bought rests on the rows."
            }
            (left_out(shown, failing.len(), "footing.json"))
            (Table::new("Sums that differ", columns, rows).render())
        }
    }
}

fn notes(notes: &[Note]) -> Markup {
    let shown = notes.len().min(MOST_ROWS);
    html! {
        (left_out(shown, notes.len(), "footing.json"))
        ul {
            @for note in &notes[..shown] {
                li { code { (note.code) } " " span.sentence { (shortened(&note.message, 2 * SENTENCE)) } }
            }
        }
    }
}
