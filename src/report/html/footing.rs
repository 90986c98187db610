//! Proof of the ledger: rows kept out, the footing certificate and what was assumed.

use maud::{Markup, html};

use basics::grouped;
use ledger::{Assumptions, CurrencyTotals, FileFooting, FootingCertificate, Reject};

use super::super::terminal::CLASSES;
use super::figures::{SENTENCE, count, money, name, shortened};
use super::rows::MOST_ROWS;
use super::table::{Table, left_out, number, row, text};
use app::Evaluation;

/// Rejects and certificate.
pub(super) fn section(evaluation: &Evaluation) -> Markup {
    html! {
        section #ledger {
            h2 { "The ledger" }
            (rejects(evaluation))
            (certificate(&evaluation.certificate))
        }
    }
}

fn rejects(evaluation: &Evaluation) -> Markup {
    let all = &evaluation.rejects;
    let shown = all.len().min(MOST_ROWS);
    let columns = vec![
        text("File"),
        number("Line"),
        text("Column"),
        text("Value"),
        text("Code"),
        text("Message"),
    ];
    let rows = all[..shown].iter().map(reject).collect();
    let by_code = evaluation.provenance.rejects.iter().map(|(code, rows)| row![*code, count(rows)]);
    let codes =
        Table::new("Rejects by code", vec![text("Code"), number("Rows")], by_code.collect());
    html! {
        h3 #rejects { "Rows kept out" }
        @if all.is_empty() {
            p { "None: every row of the ledger was read." }
        } @else {
            (codes.render())
            (left_out(shown, all.len(), "rejects.csv"))
            (Table::new("Rows kept out", columns, rows).render())
        }
    }
}

fn reject(reject: &Reject) -> Vec<Markup> {
    row![
        name(&reject.file),
        count(reject.line),
        name(&reject.column),
        name(&reject.value),
        html! { code { (reject.code.as_str()) } },
        html! { span.sentence { (shortened(&reject.message, SENTENCE)) } },
    ]
}

fn certificate(certificate: &FootingCertificate) -> Markup {
    let rows = &certificate.rows;
    let classified = rows.classified.by_name().map(|(_, rows)| rows).into_iter().zip(CLASSES);
    let classified = classified.filter(|(rows, _)| *rows > 0);
    let mut counts = vec![row!["Invoices", count(rows.invoices)]];
    counts.extend(classified.map(|(rows, (_, many))| row![capitalised(many), count(rows)]));
    counts.push(row!["Rows kept out", count(rows.rejects)]);
    let mut table = Table::new("Where the rows went", vec![text("Place"), number("Rows")], counts);
    table.sums = vec![row!["Rows read", count(rows.read)]];
    let totals = certificate.currencies.iter().map(control_totals).collect();
    html! {
        h3 { "Footing certificate" }
        p {
            @if certificate.foots {
                strong { "The ledger foots: " } "every row read ended in exactly one place."
            } @else {
                strong { "The ledger does not foot: " }
                "the rows below do not add up to the rows read."
            }
        }
        (table.render())
        h4 { "Control totals by currency" }
        p.note {
            "Over every row of the files, whatever its date. Amount column = face less credit \
            notes and payments in rows of their own, plus rejected."
        }
        (Table::new("Control totals by currency", control_columns(), totals).render())
        (super::reading::reading(certificate))
        (files(&certificate.files))
        (assumptions(&certificate.assumptions))
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn control_columns() -> Vec<super::table::Column> {
    let amounts = [
        "Invoices",
        "Face",
        "Credit notes",
        "Credit note amount",
        "Payments",
        "Credits",
        "Write-offs",
        "Adjustments",
        "Unapplied",
        "Open",
        "Rejected",
        "Amount column",
    ];
    std::iter::once(text("Currency")).chain(amounts.map(number)).collect()
}

fn control_totals(totals: &CurrencyTotals) -> Vec<Markup> {
    row![
        totals.currency.code(),
        count(totals.invoices),
        money(totals.face),
        count(totals.credit_notes),
        money(totals.credit_note_amount),
        money(totals.payments),
        money(totals.credits),
        money(totals.write_offs),
        money(totals.adjustments),
        money(totals.unapplied),
        money(totals.open),
        grouped(&totals.rejected.to_string()),
        grouped(&totals.amount_column.to_string()),
    ]
}

fn files(files: &[FileFooting]) -> Markup {
    let shown = files.len().min(MOST_ROWS);
    let columns = vec![
        text("File"),
        text("Layout"),
        number("Rows"),
        number("Bytes"),
        text("SHA-256"),
        text("Columns not read"),
        number("Rows read as Windows-1252"),
    ];
    let row = |file: &FileFooting| {
        let ignored = match file.ignored_columns.as_slice() {
            [] => "none".to_owned(),
            columns => columns.join(", "),
        };
        row![
            name(&file.name),
            name(&file.layout),
            count(file.rows),
            count(file.bytes),
            html! { code.hash { (file.sha256) } },
            html! { span.sentence { (shortened(&ignored, SENTENCE)) } },
            count(file.rows_read_as_windows_1252),
        ]
    };
    let rows = files[..shown].iter().map(row).collect();
    html! {
        h4 { "Files" }
        (left_out(shown, files.len(), "footing.json"))
        (Table::new("Files of the ledger", columns, rows).render())
    }
}

fn assumptions(assumed: &Assumptions) -> Markup {
    let days = assumed.terms_days;
    let all = [
        (assumed.currency_assumed, format!("name no currency: {} assumed", assumed.currency)),
        (
            assumed.invoice_date_assumed,
            format!("have no invoice date: due date less {days} days assumed"),
        ),
        (
            assumed.due_date_assumed,
            format!("have no due date: invoice date plus {days} days assumed"),
        ),
        (
            assumed.undated_settlements,
            "payments or credits have no date: they explain balances only".to_owned(),
        ),
        (assumed.undated_disputes, "disputed invoices have no date of the dispute".to_owned()),
        (
            assumed.debtors_with_several_names,
            "debtors bear several names: the first in text order is shown".to_owned(),
        ),
        (
            assumed.duplicate_numbers,
            "invoices share their number with another of the same debtor".to_owned(),
        ),
        (assumed.due_before_issue, "invoices are due before they were issued".to_owned()),
    ];
    let made: Vec<_> = all.into_iter().filter(|(rows, _)| *rows > 0).collect();
    html! {
        h4 { "What the rows did not say" }
        @if made.is_empty() {
            p { "No row needed an assumption." }
        } @else {
            ul { @for (rows, what) in made { li { (count(rows)) " " (what) "." } } }
        }
    }
}
