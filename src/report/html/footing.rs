//! The proof of the ledger: rejects, the footing certificate and the assumptions made.

use maud::{Markup, html};

use basics::grouped;
use ledger::{Assumptions, CurrencyTotals, FileFooting, FootingCertificate, Reject};

use super::super::terminal::CLASSES;
use super::figures::{SENTENCE, count, money, name, shortened};
use super::rows::MOST_ROWS;
use super::say::{say, sentence};
use super::table::{Table, left_out, number, row, text};
use app::Evaluation;

/// The rejects and the certificate.
pub(super) fn section(evaluation: &Evaluation) -> Markup {
    html! {
        section #ledger {
            h2 { (say("page.ledger")) }
            (rejects(evaluation))
            (certificate(&evaluation.certificate))
        }
    }
}

fn rejects(evaluation: &Evaluation) -> Markup {
    let all = &evaluation.rejects;
    let shown = all.len().min(MOST_ROWS);
    let columns = vec![
        text(say("label.file")),
        number(say("label.line")),
        text(say("page_ledger.column")),
        text(say("label.value")),
        text(say("label.code")),
        text(say("page_ledger.message")),
    ];
    let rows = all[..shown].iter().map(reject).collect();
    let by_code = evaluation.provenance.rejects.iter().map(|(code, rows)| row![*code, count(rows)]);
    let code_columns = vec![text(say("label.code")), number(say("label.rows"))];
    let codes = Table::new(say("page_ledger.by_code"), code_columns, by_code.collect());
    html! {
        h3 #rejects { (say("page_ledger.rejected")) }
        @if all.is_empty() {
            p { (say("page_ledger.no_rejects")) }
        } @else {
            (codes.render())
            (left_out(shown, all.len(), "rejects.csv"))
            (Table::new(say("page_ledger.rejected"), columns, rows).render())
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
    let mut counts = vec![row![say("label.invoices"), count(rows.invoices)]];
    counts.extend(classified.map(|(rows, (_, many))| row![capitalised(many), count(rows)]));
    counts.push(row![say("page_ledger.rejected"), count(rows.rejects)]);
    let columns = vec![text(say("page_ledger.place")), number(say("label.rows"))];
    let mut table = Table::new(say("page_ledger.places"), columns, counts);
    table.sums = vec![row![say("page_ledger.rows_read"), count(rows.read)]];
    let totals = certificate.currencies.iter().map(control_totals).collect();
    html! {
        h3 { (say("page_ledger.certificate")) }
        p {
            @if certificate.foots {
                strong { (say("page_ledger.foots")) } " " (say("page_ledger.foots_why"))
            } @else {
                strong { (say("page_ledger.does_not_foot")) } " "
                (say("page_ledger.does_not_foot_why"))
            }
        }
        (table.render())
        h4 { (say("page_ledger.totals")) }
        p.note { (say("page_ledger.totals_note")) }
        (Table::new(say("page_ledger.totals"), control_columns(), totals).render())
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
        "label.invoices",
        "page_ledger.face",
        "page_ledger.credit_notes",
        "page_ledger.credit_note_amount",
        "page_ledger.payments",
        "page_ledger.credits",
        "page_ledger.write_offs",
        "page_ledger.adjustments",
        "page_ledger.unapplied",
        "page_ledger.open",
        "page_ledger.rejected_amount",
        "page_ledger.amount_column",
    ];
    let amounts = amounts.map(|name| number(say(name)));
    std::iter::once(text(say("label.currency"))).chain(amounts).collect()
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
        text(say("label.file")),
        text(say("page_ledger.layout")),
        number(say("label.rows")),
        number(say("page_ledger.bytes")),
        text(say("page_ledger.sha256")),
        text(say("page_ledger.columns_ignored")),
        number(say("page_ledger.windows_1252")),
    ];
    let row = |file: &FileFooting| {
        let ignored = match file.ignored_columns.as_slice() {
            [] => say("page_ledger.no_columns"),
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
        h4 { (say("page_ledger.files")) }
        (left_out(shown, files.len(), "footing.json"))
        (Table::new(say("page_ledger.files_table"), columns, rows).render())
    }
}

fn assumptions(assumed: &Assumptions) -> Markup {
    let days = assumed.terms_days;
    let (currency, invoice_date, due_date) = (
        sentence("assumption.currency")
            .count("rows", assumed.currency_assumed)
            .with("currency", assumed.currency.code()),
        sentence("assumption.invoice_date")
            .count("rows", assumed.invoice_date_assumed)
            .with("days", days),
        sentence("assumption.due_date").count("rows", assumed.due_date_assumed).with("days", days),
    );
    let (settlements, disputes) = (
        sentence("assumption.undated_settlements").count("rows", assumed.undated_settlements),
        sentence("assumption.undated_disputes").count("rows", assumed.undated_disputes),
    );
    let deliveries =
        sentence("assumption.unknown_deliveries").count("rows", assumed.unknown_deliveries);
    let (names, numbers, due) = (
        sentence("assumption.several_names").count("rows", assumed.debtors_with_several_names),
        sentence("assumption.duplicate_numbers").count("rows", assumed.duplicate_numbers),
        sentence("assumption.due_before_issue").count("rows", assumed.due_before_issue),
    );
    let all = [
        (assumed.currency_assumed, currency),
        (assumed.invoice_date_assumed, invoice_date),
        (assumed.due_date_assumed, due_date),
        (assumed.undated_settlements, settlements),
        (assumed.undated_disputes, disputes),
        (assumed.unknown_deliveries, deliveries),
        (assumed.debtors_with_several_names, names),
        (assumed.duplicate_numbers, numbers),
        (assumed.due_before_issue, due),
    ];
    let made: Vec<_> = all.into_iter().filter(|(rows, _)| *rows > 0).collect();
    html! {
        h4 { (say("page_assumptions.title")) }
        @if made.is_empty() {
            p { (say("page_assumptions.none")) }
        } @else {
            ul { @for (_, what) in made { li { (what) "." } } }
        }
    }
}
