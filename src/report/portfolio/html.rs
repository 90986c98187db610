use maud::{Markup, html};

use basics::{counted, grouped};

use super::super::html::{document, percent, shortened};
use super::sheet::{Cell, Section, Table};
use app::PortfolioReport;

/// Rows of one table on the page; the other files have all of them.
const MOST_ROWS: usize = 40;

/// The page: complete in itself, opens offline, under 5 MB whatever the portfolio.
pub fn portfolio_html(report: &PortfolioReport, sections: &[Section]) -> String {
    let title = format!("Portfolio report as of {}", report.as_of);
    let mut clients: Vec<&str> = report.books.iter().map(|book| book.client.as_str()).collect();
    clients.dedup();
    let invoices: usize = report.books.iter().map(|book| book.invoices.len()).sum();
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { (title) }
            p.lead {
                (counted(clients.len(), "client", "clients")) ", "
                (counted(invoices, "open invoice", "open invoices")) ". " (report.match_rule)
            }
            @if !report.failures.is_empty() { (failures(report)) }
        }
        nav aria-label="Contents" {
            @for section in sections { a href={ "#" (section.key) } { (section.title) } }
        }
        main { @for section in sections { (drawn_section(section)) } }
    };
    document(&title, &body).into_string()
}

fn failures(report: &PortfolioReport) -> Markup {
    html! {
        aside.notice.strong {
            p { "These ledgers could not be used and are in no figure below:" }
            ul {
                @for failure in &report.failures {
                    li { (failure.client) ": " (shortened(&failure.reason, 300)) }
                }
            }
        }
    }
}

fn drawn_section(section: &Section) -> Markup {
    html! {
        section id=(section.key) {
            h2 { (section.title) }
            @for note in &section.notes { p { (note) } }
            div.charts[!section.charts.is_empty()] {
                @for chart in &section.charts {
                    figure { figcaption { (chart.title()) } (chart.render()) }
                }
            }
            @for table in &section.tables { (drawn_table(table)) }
        }
    }
}

fn drawn_table(table: &Table) -> Markup {
    let numeric: Vec<bool> = (0..table.columns.len())
        .map(|at| !table.rows.iter().any(|row| matches!(row[at], Cell::Text(_))))
        .collect();
    html! {
        h3 { (table.title) }
        @if table.rows.is_empty() {
            p.note { "Nothing." }
        } @else {
            div.scroll role="region" aria-label=(table.title) tabindex="0" {
                table {
                    caption { (table.title) }
                    thead {
                        tr {
                            @for (column, numeric) in table.columns.iter().zip(&numeric) {
                                th.num[*numeric] scope="col" { (column.title) }
                            }
                        }
                    }
                    tbody {
                        @for row in table.rows.iter().take(MOST_ROWS) {
                            tr {
                                @for (at, cell) in row.iter().enumerate() {
                                    @if at == 0 {
                                        th.num[numeric[at]] scope="row" { (shown(cell)) }
                                    } @else {
                                        td.num[numeric[at]].long[is_sentence(cell)] {
                                            (shown(cell))
                                        }
                                    }
                                }
                            }
                        }
                    }
                    @if table.has_sums() { (sums(table, &numeric)) }
                }
            }
            @if table.rows.len() > MOST_ROWS {
                p.note {
                    (MOST_ROWS) " of " (grouped(&table.rows.len().to_string()))
                    " rows are shown; portfolio.json has all of them."
                }
            }
        }
    }
}

/// Whether a text needs room.
fn is_sentence(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if text.chars().count() > 40)
}

fn sums(table: &Table, numeric: &[bool]) -> Markup {
    html! {
        tfoot {
            tr {
                @for (at, numeric) in numeric.iter().enumerate() {
                    @if at == 0 {
                        th scope="row" { "Total" }
                    } @else {
                        td.num[*numeric] { @if let Some(sum) = table.sum(at) { (shown(&sum)) } }
                    }
                }
            }
        }
    }
}

/// A cell as a reader sees it.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => shortened(text, 200).into_owned(),
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Amount(amount) => amount.grouped(),
        Cell::Share(share) => percent(100.0 * share, 2),
        Cell::Number(number, decimals) => grouped(&format!("{number:.decimals$}")),
        Cell::Day(day) => day.to_string(),
        Cell::None => "–".to_owned(),
    }
}
