//! The reading of the files: the totals that they state, the notation found in them, and warnings.

use maud::{Markup, html};

use basics::grouped;
use ledger::{Check, FootingCertificate, Note};

use super::figures::{SENTENCE, count, name, shortened};
use super::rows::MOST_ROWS;
use super::say::{say, sentence};
use super::table::{Table, left_out, number, row, text};

/// The files' own totals, warnings, and how the files were read; nothing for a plain ledger.
pub(super) fn reading(certificate: &FootingCertificate) -> Markup {
    html! {
        @if !certificate.checks.is_empty() { (checks(&certificate.checks)) }
        @if !certificate.warnings.is_empty() {
            h4 { (say("page_reading.warnings")) }
            (notes(&certificate.warnings))
        }
        @if !certificate.readings.is_empty() {
            h4 { (say("page_reading.readings")) }
            (notes(&certificate.readings))
        }
    }
}

fn checks(checks: &[Check]) -> Markup {
    let failing: Vec<&Check> = checks.iter().filter(|check| !check.difference.is_zero()).collect();
    let columns = vec![
        text(say("label.file")),
        number(say("label.line")),
        text(say("page_reading.sum")),
        text(say("page_reading.of")),
        text(say("page_ledger.column")),
        number(say("page_reading.file_says")),
        number(say("page_reading.rows_add_up")),
        number(say("label.difference")),
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
    let differ = sentence("page_reading.checks_differ")
        .count("failing", failing.len())
        .count("checks", checks.len());
    let shown = failing.len().min(MOST_ROWS);
    let rows = failing[..shown].iter().map(row).collect();
    html! {
        h4 { (say("page_reading.checks")) }
        @if failing.is_empty() {
            @if checks.len() == 1 {
                p { (say("page_reading.check_agrees")) }
            } @else {
                p { (sentence("page_reading.checks_agree").count("checks", checks.len())) }
            }
        } @else {
            p { (differ) }
            (left_out(shown, failing.len(), "footing.json"))
            (Table::new(say("page_reading.table"), columns, rows).render())
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
